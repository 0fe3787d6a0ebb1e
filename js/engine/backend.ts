/** What computes, as programs for TensorFlow.js ask it. */
import { type BackendInfo, backendInfo } from './instance.js';

export interface Backend extends BackendInfo {
  /** What Keras adds to keep away from zero. */
  epsilon(): number;
  /** Bits of a number. */
  floatPrecision(): 16 | 32;
}

/** Not among what is counted up: what computes can be sent to another thread as data. */
const ASKED = { epsilon: { value: () => 1e-7 }, floatPrecision: { value: () => 32 } };

/**
 * What computes at this moment.
 * @example
 * backend().mode; // → 'exact'
 * backend().threads; // → 1
 */
export const backend = (): Backend => Object.defineProperties(backendInfo(), ASKED) as Backend;
