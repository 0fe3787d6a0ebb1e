/**
 * The generators of digits and of what is none, modules of their own. The first is loaded where digits are drawn: on a first
 * visit, where there is no MNIST, and to learn what is no digit; the second for that alone. Stands for js/data/generator.ts.
 */
import type { Generate, GenerateOthers } from '../../js/data/generator';

/** What is loaded once; whoever asks after a failure tries again. */
function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () => {
    loading ??= load();
    loading.catch(() => {
      loading = undefined;
    });
    return loading;
  };
}

export const generator = once<Generate>(async () => {
  const drawing = await import('../wasm/digits.js');
  await drawing.default();
  return drawing.generateDigits;
});
export const othersGenerator = once<GenerateOthers>(async () => {
  const drawing = await import('../wasm/others.js');
  await drawing.default();
  return drawing.generateOthers;
});

/** The page's own module has none. */
export const inCore: Generate = () => {
  throw new Error('digits are drawn by the generator');
};
