/** What draws digits, and what is no digit: the core. */
import { call } from '../engine/instance.js';

/** Fills `labels`, and `pixels` with 28 × 28 bytes for each. */
export const generateDigits = (seed: number, pixels: Uint8Array, labels: Uint8Array): void =>
  call((wasm) => wasm.generateDigits(seed, pixels, labels));

/** Fills `pixels` with pictures of what is no digit, 28 × 28 bytes each. */
export const generateOthers = (seed: number, pixels: Uint8Array): void =>
  call((wasm) => wasm.generateOthers(seed, pixels));
