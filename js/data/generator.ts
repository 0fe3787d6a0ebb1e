/** What draws digits: the core. The page puts a module of its own in the place of this file, which it loads when needed. */
import { call } from '../engine/instance.js';

/** Fills `labels`, and `pixels` with 28 × 28 bytes for each. */
export type Generate = (seed: number, pixels: Uint8Array, labels: Uint8Array) => void;

/** Fills `pixels` with pictures of what is no digit, 28 × 28 bytes each. */
export type GenerateOthers = (seed: number, pixels: Uint8Array) => void;

export const generator = async (): Promise<Generate> => inCore;
export const othersGenerator = async (): Promise<GenerateOthers> => (seed, pixels) =>
  call((wasm) => wasm.generateOthers(seed, pixels));

export const inCore: Generate = (seed, pixels, labels) =>
  call((wasm) => wasm.generateDigits(seed, pixels, labels));
