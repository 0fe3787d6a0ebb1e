/**
 * The generator of digits, a module of its own, which is loaded where digits are drawn: on a first visit, and where there
 * is no MNIST. Stands for js/data/generator.ts.
 */
import type { Generate } from '../../js/data/generator';

let loading: Promise<Generate> | undefined;

export function generator(): Promise<Generate> {
  loading ??= load();
  // Whoever asks after a failure tries again.
  loading.catch(() => {
    loading = undefined;
  });
  return loading;
}

async function load(): Promise<Generate> {
  const { default: start, generateDigits } = await import('../wasm/digits.js');
  await start();
  return generateDigits;
}

/** The page's own module has none. */
export const inCore: Generate = () => {
  throw new Error('digits are drawn by the generator');
};
