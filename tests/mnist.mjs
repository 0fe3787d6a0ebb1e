// Real MNIST for tests of the package and the page.
import { existsSync } from 'node:fs';
import { folder } from '../scripts/mnist.mjs';

const isThere = existsSync(`${folder}/train-images-idx3-ubyte.gz`);

/**
 * For the option `skip` of a test that needs MNIST: false where it is there, and otherwise what is missing. In
 * continuous integration nothing may be left out.
 */
export const withoutMnist =
  !isThere && 'needs MNIST: run `node scripts/mnist.mjs`, or set MNIST_DIR to a folder with its four files';

if (withoutMnist && process.env.CI && process.env.CI !== 'false') throw new Error(withoutMnist);
