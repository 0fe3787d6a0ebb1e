/**
 * Scopes: `tidy` and the functions that find gradients open one; what was made in it and is not returned is freed when
 * it ends. A scope may record, and then watches tensors: what is computed from these is remembered by the core.
 */

import { releaseAfterCall } from '../engine/foreign.js';

/** What scopes need to know of a tensor. */
export interface Made {
  readonly id: number;
  readonly isDisposed: boolean;
  readonly isKept: boolean;
  dispose(): void;
  /** Forgets how it was made, and may be moved out of the core again. */
  settle(): void;
}

/** What can be watched. */
export interface Watchable {
  /** A number that it shares with those that have the same values at any time: handles of one weight. */
  readonly identity: number;
  /** Whether a scope that watches variables watches it. */
  readonly isWatched: boolean;
}

/** Makes a recorded handle to the values of a tensor as they are in the scope around; gives its slot. */
type Track = (tensor: Watchable, around: Scope | undefined) => number;

export class Scope {
  readonly parent: Scope | undefined;
  /** Whether ops must be done by the core, or gradients would be lost. */
  readonly records: boolean;
  /** Whether it lies within a scope that records, whose results hold on to what they were made from. */
  readonly pins: boolean;
  /** Whether variables that are read are watched. */
  readonly watchesVariables: boolean;
  readonly made: Made[] = [];
  isOpen = true;
  /** Slots of recorded handles, by the identities of tensors. */
  readonly handles = new Map<number, number>();
  /** Handles to values that a variable no longer has, with the variables' identities. */
  readonly retired: [identity: number, slot: number][] = [];
  /** Functions that the core may call while what was recorded here is walked through. */
  readonly foreign: number[] = [];
  /** The variables that were read, in that order. */
  readonly variables = new Set<Watchable>();

  constructor(parent: Scope | undefined, kind: 'tidy' | 'record' | 'pause', watchesVariables = false) {
    this.parent = parent;
    this.records = kind === 'record' || (kind === 'tidy' && (parent?.records ?? false));
    this.pins = kind === 'record' || (parent?.pins ?? false);
    this.watchesVariables = watchesVariables;
  }

  /** The slot of the handle under which `tensor` is recorded here or around; −1 if nobody watches it. */
  resolve(tensor: Watchable, track: Track): number {
    const known = this.handles.get(tensor.identity);
    if (known !== undefined) return known;
    if (this.watchesVariables && tensor.isWatched) {
      this.variables.add(tensor);
      return this.watch(tensor, track);
    }
    // In a scope that pauses, nothing is recorded.
    return this.parent && this.records ? this.parent.resolve(tensor, track) : -1;
  }

  /** Watches `tensor`: what is computed from it from now on is recorded. */
  watch(tensor: Watchable, track: Track): number {
    const handle = track(tensor, this.parent);
    this.handles.set(tensor.identity, handle);
    return handle;
  }

  /** The variable has other values from now on; gradients still count what was computed from the old ones. */
  retire(identity: number): void {
    const handle = this.handles.get(identity);
    if (handle === undefined) return;
    this.handles.delete(identity);
    this.retired.push([identity, handle]);
  }
}

/** The innermost scope. */
export let current: Scope | undefined;

/** Whether ops are recorded at this moment. */
export const recording = (): boolean => current?.records === true;

export function open(kind: 'tidy' | 'record' | 'pause', watchesVariables = false): Scope {
  current = new Scope(current, kind, watchesVariables);
  return current;
}

/** Ends `scope`, and those in it that are still open. What is `returned` belongs to the scope around. */
export function close(scope: Scope, returned: ReadonlySet<Made>): void {
  if (!scope.isOpen) return;
  const made: Made[] = [];
  for (let inner = current; inner && inner !== scope.parent; inner = inner.parent) {
    inner.isOpen = false;
    for (const tensor of inner.made) made.push(tensor);
    // Of a function that the core has called: what was recorded is walked through before its own call ends.
    releaseAfterCall(inner.foreign);
  }
  current = scope.parent;
  for (const tensor of made) {
    if (tensor.isDisposed) continue;
    if (!returned.has(tensor) && !tensor.isKept) {
      tensor.dispose();
      continue;
    }
    current?.made.push(tensor);
    if (scope.pins && !current?.pins) tensor.settle();
  }
}
