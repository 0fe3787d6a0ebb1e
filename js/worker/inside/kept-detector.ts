/**
 * What a detector has learned, as bytes, and the store in which they lie between visits. What it becomes follows from the
 * digits and from how it learns. Both are in the name under which it is kept, so under one name lies what would be learned
 * again, and nothing else. All numbers are little-endian:
 *
 *     0   4  the CRC-32 of the name and of all bytes below
 *     4   4  how many rounds were learned
 *     8   4  the limit, a float32
 *     12     the network as a checkpoint: while rounds are left, with what its optimizer remembers
 */
import { nextTurn } from '../../engine/turn.js';
import { read, write } from '../../io/checkpoint/checkpoint-file.js';
import { crc32 } from '../../io/checkpoint/crc.js';
import type { SavedModel } from '../../nn/source.js';
import { moved } from '../wire.js';

const HEAD = 12;
/** So many bytes are summed up between two turns of others: about two milliseconds. */
const PIECE = 2 ** 20;

/** A store of the page's, which the worker asks through one function. */
export type AskStore = (
  what: 'get' | 'set' | 'delete',
  name: string,
  bytes?: Uint8Array,
) => unknown | Promise<unknown>;

export interface Known {
  /** Rounds that were learned. */
  round: number;
  limit: number;
  model: SavedModel;
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const hex = (sum: number): string => sum.toString(16).padStart(8, '0');

/** The sum of all these bytes, in turns. */
async function sumOf(parts: readonly Uint8Array[]): Promise<number> {
  let sum = 0;
  for (const part of parts)
    for (let from = 0; from < part.length; from += PIECE) {
      sum = crc32(part.subarray(from, from + PIECE), sum);
      await nextTurn();
    }
  return sum;
}

/** The name under which is kept what these parts of a recipe make of these digits. */
export async function nameOf(recipe: readonly Uint8Array[], digits: readonly Uint8Array[]): Promise<string> {
  return `no-digit ${hex(await sumOf(recipe))} ${hex(await sumOf(digits))}`;
}

/** Where one detector is kept. A store that fails is not asked again: learning goes on as it does without one. */
export class KeptDetector {
  readonly #ask: AskStore;
  readonly #name: string;
  readonly #onFailure: (failure: unknown) => void;
  #hasFailed = false;

  constructor(ask: AskStore, name: string, onFailure: (failure: unknown) => void) {
    [this.#ask, this.#name, this.#onFailure] = [ask, name, onFailure];
  }

  async #asked(...given: [what: 'get' | 'delete'] | ['set', Uint8Array]): Promise<unknown> {
    if (this.#hasFailed) return undefined;
    const [what, bytes] = given;
    try {
      return await this.#ask(what, this.#name, bytes && moved(bytes));
    } catch (failure) {
      this.#hasFailed = true;
      this.#onFailure(failure);
      return undefined;
    }
  }
  /** The sum that stands in front of `bytes`. It covers the name: what lies under another one is not taken. */
  #sum(bytes: Uint8Array): number {
    return crc32(bytes.subarray(4), crc32(bytesOf(this.#name)));
  }

  /** What is kept. If that is damaged, or of another form, it makes way. */
  async get(): Promise<Known | undefined> {
    const bytes = await this.#asked('get');
    if (bytes === undefined || bytes === null) return undefined;
    try {
      const file = bytes as Uint8Array<ArrayBuffer>;
      const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
      if (view.getUint32(0, true) !== this.#sum(file)) throw new RangeError('its sum is wrong');
      const model = read('learnOthers', file.subarray(HEAD));
      return { round: view.getUint32(4, true), limit: view.getFloat32(8, true), model };
    } catch {
      await this.remove();
      return undefined;
    }
  }
  async remove(): Promise<void> {
    await this.#asked('delete');
  }
  /** Keeps this, unless another tab has kept one that knows more. */
  async set({ round, limit, model }: Known): Promise<void> {
    const there = await this.get();
    if (this.#hasFailed || (there && there.round > round)) return;
    const checkpoint = write(model, 'learnOthers');
    const file = new Uint8Array(HEAD + checkpoint.length);
    const view = new DataView(file.buffer);
    view.setUint32(4, round, true);
    view.setFloat32(8, limit, true);
    file.set(checkpoint, HEAD);
    view.setUint32(0, this.#sum(file), true);
    await this.#asked('set', file);
  }
}
