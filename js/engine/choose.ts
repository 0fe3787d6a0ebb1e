/** What to load: what was asked for, as far as this engine and this page allow it. */

import { describe, fault, onlyKeys, whole } from './errors.js';
import type { InitOptions } from './instance.js';
import { cores, hasRelaxedSimd, hasSimd, isIsolated } from './variants.js';

export type Mode = 'exact' | 'fast';

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
