/** The WebAssembly instance: loading it, calling it, and what happens when it dies. */

import { inCamel, textOf } from './errors.js';
import instantiate, * as glue from './wasm/mapling.js';

/** Where the WebAssembly module comes from, when not from beside this file. */
export type WasmSource = string | URL | Request | Response | BufferSource | WebAssembly.Module;

export interface InitOptions {
  /** The module, its address or its bytes. Default: `wasm/mapling_bg.wasm` beside this file. */
  wasm?: WasmSource;
  /** Throws the instance away and starts a new one; models of the old one can no longer be used. */
  restart?: boolean;
}

let loading: Promise<void> | undefined;
let live = false;
let death: string | undefined;

/**
 * Loads the WebAssembly module; needed once before the first call. Calling it again costs nothing.
 * Works in pages, workers and Node 20+.
 */
export function init(options: InitOptions = {}): Promise<void> {
  if (options.restart && live) return Promise.resolve().then(restart);
  loading ??= load(options.wasm).catch((failure: unknown) => {
    loading = undefined;
    throw new Error(`init: the WebAssembly module could not be loaded (${textOf(failure)})`);
  });
  return loading;
}

async function load(source?: WasmSource): Promise<void> {
  const module = source ?? (await besideThisFile());
  await instantiate({ module_or_path: module });
  live = true;
}

async function besideThisFile(): Promise<WasmSource> {
  const address = new URL('./wasm/mapling_bg.wasm', import.meta.url);
  if (address.protocol !== 'file:' || typeof process === 'undefined') return address;
  // Node's fetch does not read files. The name is hidden from bundlers, which would look for it.
  const files = 'node:fs/promises';
  const { readFile } = (await import(
    /* @vite-ignore */ /* webpackIgnore: true */ files
  )) as typeof import('node:fs/promises');
  return readFile(address);
}

function restart(): void {
  glue.__wbg_reset_state();
  death = undefined;
}

/** Whether `init` has finished and the instance works. */
export const isReady = (): boolean => live && death === undefined;

/**
 * Runs `action` with the module's exports. Errors come out as `Error` with names spelled as in JavaScript.
 * A trap leaves the instance in an unknown state, so every later call is refused until a restart.
 */
export function call<T>(action: (wasm: typeof glue) => T): T {
  if (!live) throw new Error('mapling is not loaded yet: `await init()` once before the first call');
  if (death !== undefined)
    throw new Error(`mapling has stopped (${death}); \`await init({ restart: true })\` starts it anew`);
  try {
    return action(glue);
  } catch (thrown) {
    if (!isTrap(thrown)) throw thrown instanceof Error ? renamed(thrown) : new Error(inCamel(String(thrown)));
    death = textOf(thrown);
    const message = `mapling stopped unexpectedly (${death}); \`await init({ restart: true })\` starts it anew`;
    throw new Error(message, { cause: thrown });
  }
}

/** Traps and exhausted stacks; Firefox calls the latter an `InternalError`. */
function isTrap(thrown: unknown): boolean {
  if (thrown instanceof WebAssembly.RuntimeError) return true;
  return thrown instanceof Error && /call stack|too much recursion/i.test(thrown.message);
}

function renamed(error: Error): Error {
  const message = inCamel(error.message);
  return message === error.message ? error : new Error(message);
}

/** What the instance holds at this moment. */
export interface MemoryInfo {
  /** Bytes of tensors that are alive inside WebAssembly. */
  numBytes: number;
  /** Bytes of WebAssembly memory; it never shrinks. */
  wasmBytes: number;
  /** Always false: nothing has to be freed by hand. */
  unreliable: boolean;
}

/** Live bytes and the size of WebAssembly's memory. */
export function memory(): MemoryInfo {
  return call((wasm) => ({ numBytes: wasm.liveBytes(), wasmBytes: wasm.memoryBytes(), unreliable: false }));
}
