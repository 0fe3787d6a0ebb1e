/** What to load: what was asked for, as far as this engine and this page allow it. */

import { describe, fault, onlyKeys, whole } from './errors.js';
import { cores, hasRelaxedSimd, hasSimd, isIsolated } from './variants.js';

export type Mode = 'exact' | 'fast';

/** Where the WebAssembly module comes from, when not from beside this file. */
export type WasmSource = string | URL | Request | Response | BufferSource | WebAssembly.Module;

export interface InitOptions {
  /**
   * `'exact'` (the default): the same seed ends with the same bits on every machine, browser and number of threads.
   * `'fast'` gives that promise up: it lets the processor fuse multiplication and addition where the engine has
   * relaxed SIMD, so results differ a little from machine to machine. Where there is none, `'exact'` is used.
   */
  mode?: Mode;
  /**
   * How many threads compute, at most as many as there are cores. More than one needs a page that is cross-origin
   * isolated (see the readme); elsewhere there is one. Bits do not depend on it. Training goes on with one as long as
   * several would be slower. `'auto'` (the default): the cores, up to four.
   */
  threads?: number | 'auto';
  /** The exact one-thread module, its address or its bytes. Default: `wasm/mapling_bg.wasm` beside this file. */
  wasm?: WasmSource;
  /**
   * Throws the instance away and starts a new one, with these options or else those of before; models of
   * the old one can no longer be used.
   */
  restart?: boolean;
}

export interface Choice {
  mode: Mode;
  threads: number;
  /** What was not possible. */
  notes: string[];
}

/** More threads than this are used only when asked for: each region of work is over in a fraction of a millisecond. */
const AUTO = 4;
/** The core's limit. */
const MOST = 32;

/** Checks the options and decides; changes nothing. */
export function choose(options: InitOptions): Choice {
  onlyKeys('init', options, ['mode', 'threads', 'wasm', 'restart']);
  const { mode = 'exact', threads = 'auto', wasm } = options;
  if (mode !== 'exact' && mode !== 'fast')
    throw fault('value', `init: mode: expected 'exact' or 'fast', got ${describe(mode)}`);
  if (threads !== 'auto') {
    if (typeof threads === 'string')
      throw fault('value', `init: threads: expected a whole number or 'auto', got ${describe(threads)}`);
    whole('init: threads', threads, 1);
  }
  if (wasm !== undefined && (mode === 'fast' || (threads !== 'auto' && threads > 1))) {
    throw fault('value', 'init: wasm: only the exact module with one thread can come from elsewhere');
  }
  if (!hasSimd()) {
    throw fault(
      'state',
      'init: this engine lacks WebAssembly SIMD; it takes Chrome 91, Firefox 89, Safari 16.4, Node 20 or newer',
    );
  }
  const notes: string[] = [];
  return { mode: checkedMode(mode, notes), threads: wasm ? 1 : checkedThreads(threads, notes), notes };
}

function checkedMode(mode: Mode, notes: string[]): Mode {
  if (mode === 'exact' || hasRelaxedSimd()) return mode;
  notes.push("mode: this engine lacks relaxed SIMD; 'exact' is used");
  return 'exact';
}

function checkedThreads(threads: number | 'auto', notes: string[]): number {
  const most = Math.min(cores(), MOST);
  const wanted = threads === 'auto' ? Math.min(most, AUTO) : threads;
  if (wanted === 1) return 1;
  if (!isIsolated()) {
    notes.push('threads: this page is not cross-origin isolated, so there is one');
    return 1;
  }
  if (wanted > most) notes.push(`threads: ${wanted} asked for, but there are ${most} cores`);
  return Math.min(wanted, most);
}
