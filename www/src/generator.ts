/** The generator of digits, a module of its own: where MNIST is to be had nobody loads it. Stands for js/data/generator.ts. */
import type { Generate } from '../../js/data/generator';

export async function generator(): Promise<Generate> {
  const { default: load, generateDigits } = await import('../wasm/digits.js');
  await load();
  return generateDigits;
}

/** The page's own module has none. */
export const inCore: Generate = () => {
  throw new Error('digits are drawn by the generator');
};
