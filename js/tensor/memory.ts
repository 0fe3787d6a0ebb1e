/** What is in memory. */
import { core } from '../engine/instance.js';
import { BUDGET, totals } from './cell.js';

/** What is in memory at this moment. */
export interface MemoryInfo {
  /**
   * Tensors that are alive: neither disposed of nor collected. Arrays that ops were given in place of tensors, weights of
   * layers, and what `getWeights` gives are not among them: nobody has made them who could forget them.
   */
  numTensors: number;
  /** Arrays of values that these tensors have, several of them maybe the same. */
  numDataBuffers: number;
  /** Bytes of these arrays, wherever they lie. */
  numBytes: number;
  /** Bytes of all values that are alive in WebAssembly: of tensors, models, and training. */
  coreBytes: number;
  /** Bytes of tensors that lie in JavaScript only: moved out of the core, or not used by it yet. */
  movedOutBytes: number;
  /** Bytes of tensors that may lie in the core before the oldest are moved out. */
  budgetBytes: number;
  /** Bytes of WebAssembly's memory; it never shrinks. */
  wasmBytes: number;
  /** Always false: these numbers are counted, not guessed. */
  unreliable: boolean;
}

/**
 * How many tensors are alive, and how much memory they take.
 * @example
 * const { numTensors } = memory();
 * const x = tensor([1, 2]);
 * memory().numTensors - numTensors; // → 1
 */
export function memory(): MemoryInfo {
  const wasm = core();
  return {
    numTensors: totals.tensors,
    numDataBuffers: totals.cells,
    numBytes: totals.bytes,
    coreBytes: wasm.liveBytes(),
    movedOutBytes: totals.bytes - totals.resident,
    budgetBytes: BUDGET,
    wasmBytes: wasm.memoryBytes(),
    unreliable: false,
  };
}
