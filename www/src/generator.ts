/**
 * The generator of digits, a module of its own, which is loaded where digits are drawn: on a first visit, where there is no
 * MNIST, and to learn what is no digit. Stands for js/data/generator.ts.
 */
import type { Generate, GenerateOthers } from '../../js/data/generator';

type Drawing = typeof import('../wasm/digits.js');
let loading: Promise<Drawing> | undefined;

function loaded(): Promise<Drawing> {
  loading ??= load();
  // Whoever asks after a failure tries again.
  loading.catch(() => {
    loading = undefined;
  });
  return loading;
}

async function load(): Promise<Drawing> {
  const drawing = await import('../wasm/digits.js');
  await drawing.default();
  return drawing;
}

export const generator = async (): Promise<Generate> => (await loaded()).generateDigits;
export const othersGenerator = async (): Promise<GenerateOthers> => (await loaded()).generateOthers;

/** The page's own module has none. */
export const inCore: Generate = () => {
  throw new Error('digits are drawn by the generator');
};
