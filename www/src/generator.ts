/** The generator of digits, a module of its own: where MNIST is to be had nobody loads it. Stands for js/data/generator.ts. */
import type { Generate, GenerateOthers } from '../../js/data/generator';

async function loaded(): Promise<typeof import('../wasm/digits.js')> {
  const module = await import('../wasm/digits.js');
  await module.default();
  return module;
}

export const generator = async (): Promise<Generate> => (await loaded()).generateDigits;
export const othersGenerator = async (): Promise<GenerateOthers> => (await loaded()).generateOthers;

/** The page's own module has none. */
export const inCore: Generate = () => {
  throw new Error('digits are drawn by the generator');
};
