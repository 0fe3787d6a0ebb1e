/**
 * What is found by its name for as long as somebody else holds it. The engine keeps what a `WeakRef` is made for until the
 * turn ends, and a loop may load thousands of models in one turn (to wait for promises that are settled is no new turn):
 * so only so many of these are made in a turn. Of what comes after them the latest are held, and older ones are found no
 * more by their names.
 */

import { nextTurn } from '../engine/turn.js';

/** So many things, and so many bytes of them, a turn may keep. */
const MOST = 16_384;
const BYTES = 512 * 2 ** 20;
/** How many of those that come after are found, of at most as many bytes. */
const LATEST = 4096;
/** When there are so many entries those of things that were collected are looked for. */
const MANY = 1024;

/** Where something stands among the names. */
export class Entry<T extends object> {
  /** The thing, while it is held, or else the reference to it. */
  held: T | undefined;
  #reference: WeakRef<T> | undefined;

  constructor(
    readonly name: string,
    readonly bytes: number,
    one: T,
  ) {
    this.held = one;
  }
  /** Holds it no more: it is found for as long as somebody else does. */
  letGo(): void {
    if (!this.held) return;
    this.#reference = new WeakRef(this.held);
    this.held = undefined;
  }
  get one(): T | undefined {
    return this.held ?? this.#reference?.deref();
  }
}

/** Things by their names, of which several may have the same. */
export class Names<T extends object> {
  readonly #lists = new Map<string, Set<Entry<T>>>();
  #entries = 0;
  #many = MANY;
  /** What was entered since the last long turn ended: as much as that is no harm. */
  #count = 0;
  #bytes = 0;
  /** The latest that were entered after that, in a turn whose end is waited for. */
  readonly #latest = new Set<Entry<T>>();
  #latestBytes = 0;
  #isLong = false;

  get names(): string[] {
    return [...this.#lists.keys()];
  }

  /** All with this name that are alive. */
  named(name: string): T[] {
    const found = [...(this.#lists.get(name) ?? [])].map(({ one }) => one);
    return found.filter((one) => one !== undefined);
  }

  /** Enters something that must be found for as long as it is alive. */
  enter(name: string, one: T): Entry<T> {
    const entry = this.#add(name, 0, one);
    entry.letGo();
    return entry;
  }

  /** Enters something of so many bytes, which may be forgotten when very many others follow in the same turn. */
  enterLightly(name: string, one: T, bytes: number): Entry<T> {
    const entry = this.#add(name, bytes, one);
    this.#count++;
    this.#bytes += bytes;
    if (this.#count <= MOST && this.#bytes <= BYTES) entry.letGo();
    else this.#hold(entry);
    return entry;
  }

  /** It is found no more. */
  leave(entry: Entry<T>): void {
    if (this.#latest.delete(entry)) this.#latestBytes -= entry.bytes;
    entry.held = undefined;
    const list = this.#lists.get(entry.name);
    if (!list?.delete(entry)) return;
    this.#entries--;
    if (list.size === 0) this.#lists.delete(entry.name);
  }

  #add(name: string, bytes: number, one: T): Entry<T> {
    if (this.#entries >= this.#many) this.#sweep();
    const entry = new Entry(name, bytes, one);
    const list = this.#lists.get(name) ?? new Set();
    this.#lists.set(name, list.add(entry));
    this.#entries++;
    return entry;
  }

  /** Removes the entries of what was collected, of all names: most names come once and never again. */
  #sweep(): void {
    for (const list of this.#lists.values()) for (const entry of list) if (!entry.one) this.leave(entry);
    this.#many = Math.max(MANY, 2 * this.#entries);
  }

  #hold(entry: Entry<T>): void {
    this.#latest.add(entry);
    this.#latestBytes += entry.bytes;
    for (const oldest of this.#latest) {
      if (this.#latest.size <= LATEST && this.#latestBytes <= BYTES) break;
      if (oldest !== entry) this.leave(oldest);
    }
    if (this.#isLong) return;
    this.#isLong = true;
    void nextTurn().then(() => this.#turnEnds());
  }

  #turnEnds(): void {
    for (const entry of this.#latest) entry.letGo();
    this.#latest.clear();
    this.#latestBytes = 0;
    this.#count = 0;
    this.#bytes = 0;
    this.#isLong = false;
  }
}
