// The Python of the tests: Keras on JAX, h5py and the readers of other formats, which read what mapling writes and
// write what it reads. It lives in the user's cache folder, once for each list of packages; MAPLING_PYTHON names
// another Python that has them.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { aptInstall } from './apt.mjs';
import { findOnPath } from './browsers.mjs';
import { cache, makeWhole } from './cache.mjs';
import { isMain, main, output, run } from './run.mjs';

const packages = [
  'keras==3.15.1',
  'jax==0.10.2',
  'jaxlib==0.10.2',
  'h5py==3.16.0',
  'numpy==2.4.6',
  'ml-dtypes==0.6.0',
  'safetensors==0.8.0',
  'onnx==1.23.2',
  'onnxruntime==1.32.0',
];
const sum = createHash('sha256').update(packages.join('\n')).digest('hex').slice(0, 8);
const folder = join(cache, `python-${sum}`);
const inside = process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python'];

/** The path of the Python; it is there after {@link setUpPython}. */
export const python = process.env.MAPLING_PYTHON || join(folder, ...inside);

/** The packages need this Python at least. */
const OLDEST = [3, 11];
const test = `import sys, venv, ensurepip; sys.exit(sys.version_info < (${OLDEST}))`;

/** A Python that can make environments, or `undefined`. */
const base = () =>
  ['python3', 'python3.13', 'python3.12', 'python3.11', 'python'].find(
    (name) => findOnPath(name) && output(name, ['-c', test]) !== undefined,
  );

export async function setUpPython() {
  if (existsSync(python)) return;
  if (process.env.MAPLING_PYTHON) throw new Error(`MAPLING_PYTHON names ${python}, which is not there`);
  if (!base()) {
    const byHand = `the tests of file formats need Python ${OLDEST.join('.')} or newer with venv. Install it, or name a Python that has ${packages.join(' ')} in MAPLING_PYTHON`;
    await aptInstall(['python3', 'python3-venv'], byHand);
    if (!base()) throw new Error(byHand);
  }
  console.log(`Installing ${packages.join(', ')} for the tests (once)`);
  await makeWhole(folder, async (making) => {
    await run(base(), ['-m', 'venv', making], { quiet: true });
    const pip = ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', '--only-binary=:all:'];
    await run(join(making, ...inside), [...pip, ...packages], { quiet: true });
  });
}

if (isMain(import.meta.url))
  main(async () => {
    await setUpPython();
    console.log(python);
  });
