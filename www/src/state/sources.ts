/** Where digits come from, by the names that the address has for it: `data=mnist`. */
import type { DigitsSource } from 'mapling/trainer';

const mnist = { kind: 'mnist', url: './mnist/', cache: true } as const;

export const sources = {
  /** MNIST's 60,000 and so many generated digits, in the styles that people write. */
  styles: { ...mnist, styles: 20_000 },
  mnist,
  generated: { kind: 'digits', seed: 1 },
} satisfies Record<string, DigitsSource>;

export type SourceName = keyof typeof sources;

/** What is trained on until MNIST has come: few enough to be written in a moment. */
export const warmUpSource: DigitsSource = { kind: 'digits', seed: 1, count: 3000 };

/** What an address asks for, or the usual digits. */
export function readSource(query: string, hash: string): SourceName {
  const asked = new URLSearchParams(`${query.slice(1)}&${hash.slice(1)}`).get('data') ?? '';
  return Object.hasOwn(sources, asked) ? (asked as SourceName) : 'styles';
}

export const writeSource = (name: SourceName | 'files'): string =>
  name === 'styles' || name === 'files' ? '' : `data=${name}`;
