/** Sentences as numbers: in English a number for each word, in Chinese one for each character. */
import * as chinese from './sentences/chinese';
import * as english from './sentences/english';

export type Tongue = 'en' | 'zh';

export interface Sentence {
  text: string;
  /** 1 where somebody liked it. */
  label: 0 | 1;
}

/** Every so many sentences one is held out: the network is tested on it and never trained on it. */
const HELD_OUT = 5;
/** Fills up what is shorter; stands for what was in no sentence to train on. */
const [PADDING, UNKNOWN] = [0, 1];

const linesOf = (text: string): string[] => text.trim().split('\n');

/** What a sentence is cut into. */
export const tokensOf = (tongue: Tongue, text: string): string[] =>
  (tongue === 'zh'
    ? text.match(/\p{Script=Han}|[\p{L}\p{N}]+/gu)
    : text.toLowerCase().match(/[\p{L}\p{N}'’]+/gu)) ?? [];

/** Sentences of one language, as they are trained on. */
export class Corpus {
  readonly train: Sentence[] = [];
  readonly heldOut: Sentence[] = [];
  /** Tokens that a sentence may have; what goes beyond is not read. */
  readonly length: number;
  readonly #numbers = new Map<string, number>();

  constructor(readonly tongue: Tongue) {
    const { liked, disliked } = tongue === 'zh' ? chinese : english;
    for (const [label, lines] of [linesOf(disliked), linesOf(liked)].entries())
      lines.forEach((text, at) => {
        const set = at % HELD_OUT === HELD_OUT - 1 ? this.heldOut : this.train;
        set.push({ text, label: label as 0 | 1 });
      });
    const tokens = this.train.map(({ text }) => tokensOf(tongue, text));
    for (const token of tokens.flat())
      if (!this.#numbers.has(token)) this.#numbers.set(token, this.#numbers.size + UNKNOWN + 1);
    // Room for what visitors type.
    this.length = Math.max(...tokens.map((all) => all.length)) + 4;
  }
  /** How many numbers there are. */
  get size(): number {
    return this.#numbers.size + UNKNOWN + 1;
  }
  knows(token: string): boolean {
    return this.#numbers.has(token);
  }
  /** A row of numbers for each list of tokens. */
  rows(all: readonly string[][]): { values: Int32Array; shape: number[]; dtype: 'int32' } {
    const values = new Int32Array(all.length * this.length).fill(PADDING);
    all.forEach((tokens, row) => {
      tokens.slice(0, this.length).forEach((token, at) => {
        values[row * this.length + at] = this.#numbers.get(token) ?? UNKNOWN;
      });
    });
    return { values, shape: [all.length, this.length], dtype: 'int32' };
  }
}

const corpora = new Map<Tongue, Corpus>();

export function corpusOf(tongue: Tongue): Corpus {
  const corpus = corpora.get(tongue) ?? new Corpus(tongue);
  corpora.set(tongue, corpus);
  return corpus;
}
