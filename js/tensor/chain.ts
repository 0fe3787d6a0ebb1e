/** Cells, which hold the values of tensors, and chains of those that are in the core, from the oldest to the newest. */
import type { Values } from './values.js';

/**
 * Bytes that a tensor of so many values takes in the core: small ones have room for a power of two, and a node of the
 * graph stands beside them.
 */
const footprint = (size: number): number =>
  256 + 4 * (size > 1024 ? size + 16 : 1 << (32 - Math.clz32(size - 1)));

/**
 * What is known of a cell without holding on to its values: lists of what the collector has to free refer to it.
 * While the cell may be moved out of the core it is a link of a chain.
 */
export class Account {
  slot = -1;
  generation = -1;
  /** Values, and the bytes that they take in JavaScript and in the core. */
  readonly size: number;
  readonly bytes: number;
  readonly footprint: number;
  /** Tensors that share the cell. */
  holders = 0;
  /** The numbers of the op that brought it in, and of the one that asked for its slot last. */
  since = -1;
  used = -1;
  /** The cell, and the chain that it is a link of, while it may be moved out. */
  cell: Cell | undefined;
  chain: Chain | undefined;
  before: Account | undefined;
  after: Account | undefined;

  constructor(size: number, bytes: number) {
    this.size = size;
    this.bytes = bytes;
    this.footprint = footprint(size);
  }
}

/** Pictures kept as bytes, a quarter of the memory: the value is `byte / 255`. */
export interface Bytes {
  bytes: Uint8Array;
}

/** A gradient that is not computed yet: the product `aᵀ · b` of two matrices of `rows` rows each. */
export interface Factors {
  rows: number;
  factors: readonly [a: Float32Array | Cell, b: Float32Array];
}

/**
 * An op that is quicker than a copy of its result: it runs again if somebody wants the result after it has been moved
 * out, which is seldom. Its inputs never change.
 */
export interface Recipe {
  /** Runs it on the slots of its inputs; gives the slot of the result, or what is no slot. */
  run: (a: number, b: number) => number;
  a: Cell;
  aShape: readonly number[];
  /** The second input, if it has one. */
  b: Cell | undefined;
  bShape: readonly number[];
  /** The cells whose values it holds on to, and how many such ops follow one another. */
  begins: readonly Cell[];
  depth: number;
}

/** What lies in JavaScript of a cell. */
type Host = Values | Bytes | Factors | Recipe | number[];

/** Whether what lies in JavaScript of a cell is an op instead of values. */
export const isRecipe = (host: Host | undefined): host is Recipe => host !== undefined && 'depth' in host;

/** The values of a tensor, or of several that share them, wherever they lie. */
export class Cell {
  readonly account: Account;
  host: Host | undefined;
  /** The shape of the tensor in the slot: a tensor that shares the cell may have another. */
  shape: readonly number[] = [];
  /** Where the values lie in WebAssembly's memory; 0 for a gradient that the core has not computed yet. */
  address = 0;
  /** Whether the values may become others: those of a variable. */
  changes = false;
  /** Whether what the core has in the slot may remember how it was made. */
  isRecorded = true;
  /** How the values can be computed again, of a result that was not used since. */
  recipe: Recipe | undefined;
  /** Of a gradient that is not computed yet the cell that its first factor came from. */
  source: Cell | undefined;

  constructor(size: number, bytes: number, host?: Host) {
    this.account = new Account(size, bytes);
    this.host = host;
  }
}

export class Chain {
  oldest: Account | undefined;
  newest: Account | undefined;
  bytes = 0;
  links = 0;

  /** Adds a cell, which is in no chain, as the newest. */
  add(account: Account, cell: Cell): void {
    account.cell = cell;
    account.chain = this;
    account.before = this.newest;
    if (this.newest) this.newest.after = account;
    else this.oldest = account;
    this.newest = account;
    this.bytes += account.footprint;
    this.links++;
  }

  remove(account: Account): void {
    if (account.before) account.before.after = account.after;
    else this.oldest = account.after;
    if (account.after) account.after.before = account.before;
    else this.newest = account.before;
    this.bytes -= account.footprint;
    this.links--;
    unlink(account);
  }

  /** Lets all cells go. */
  clear(): void {
    for (let account = this.oldest; account; ) {
      const { after } = account as Account;
      unlink(account);
      account = after;
    }
    this.oldest = undefined;
    this.newest = undefined;
    this.bytes = 0;
    this.links = 0;
  }
}

/** The cell is in no chain, or in one that is gone. */
export function unlink(account: Account): void {
  account.cell = undefined;
  account.chain = undefined;
  account.before = undefined;
  account.after = undefined;
}
