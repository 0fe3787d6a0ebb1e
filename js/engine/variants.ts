/** The builds of the module, and what this engine can run. */

import type * as threadsGlue from '../wasm/threads.js';
import { isLocal, readFile } from './local.js';

/** What every build exports. */
export type Glue = typeof import('../wasm/mapling.js');
/** What the builds with threads export besides. */
export type ThreadsGlue = typeof threadsGlue;

export interface Variant {
  readonly glue: () => Promise<Glue>;
  readonly wasm: () => URL;
}

// Written out in full, so that bundlers find the files; a page loads one of them.
export const variants = {
  exact: {
    glue: () => import('../wasm/mapling.js'),
    wasm: () => new URL('../wasm/mapling_bg.wasm', import.meta.url),
  },
  threads: {
    glue: () => import('../wasm/threads.js') as Promise<unknown> as Promise<Glue>,
    wasm: () => new URL('../wasm/threads_bg.wasm', import.meta.url),
  },
  fast: {
    glue: () => import('../wasm/fast.js') as Promise<unknown> as Promise<Glue>,
    wasm: () => new URL('../wasm/fast_bg.wasm', import.meta.url),
  },
  fastThreads: {
    glue: () => import('../wasm/fast_threads.js') as Promise<unknown> as Promise<Glue>,
    wasm: () => new URL('../wasm/fast_threads_bg.wasm', import.meta.url),
  },
} satisfies Record<string, Variant>;

export type VariantName = keyof typeof variants;

export const variantFor = (mode: 'exact' | 'fast', threaded: boolean): VariantName =>
  mode === 'fast' ? (threaded ? 'fastThreads' : 'fast') : threaded ? 'threads' : 'exact';

/** Whether the engine accepts a module whose only function has this body. */
const accepts = (...body: number[]): boolean => {
  const code = [0, ...body, 0x0b];
  const sections = [
    [1, [1, 0x60, 0, 1, 0x7b]], // a type: no parameters, one v128
    [3, [1, 0]],
    [10, [1, code.length, ...code]],
  ] as const;
  const bytes = sections.flatMap(([id, content]) => [id, content.length, ...content]);
  return WebAssembly.validate(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...bytes));
};

// i32.const 0, i8x16.splat
const zeros = [0x41, 0, 0xfd, 0x0f];
export const hasSimd = (): boolean => accepts(...zeros);
// f32x4.relaxed_madd
export const hasRelaxedSimd = (): boolean => accepts(...zeros, ...zeros, ...zeros, 0xfd, 0x85, 0x02);

/** Whether memory may be shared with workers: in pages that are cross-origin isolated, and in their workers. */
export const isIsolated = (): boolean => globalThis.crossOriginIsolated === true;

/** How many threads the machine runs at once. */
export const cores = (): number => globalThis.navigator?.hardwareConcurrency || 1;

/** The module, compiled while it comes. */
export async function compile(address: URL): Promise<WebAssembly.Module> {
  if (isLocal(address)) return WebAssembly.compile(await readFile(address));
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${response.status} ${response.statusText} for ${address}`);
  try {
    return await WebAssembly.compileStreaming(response.clone());
  } catch (failure) {
    // A server that does not know the type of wasm files.
    if (response.headers.get('content-type')?.startsWith('application/wasm')) throw failure;
    return WebAssembly.compile(await response.arrayBuffer());
  }
}
