// Runs a script of this folder with the Python of the tests, on Keras with JAX or NumPy.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { python } from '../../scripts/python.mjs';
import { at, run } from '../../scripts/run.mjs';

/** A folder for files that both sides read and write; it is gone when the process ends. */
export function sharedFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'mapling-formats-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Gives the script `task` (as JSON) and the folder, and returns what it answers. `devices` are JAX's on the CPU. */
export async function ask(script, folder, task, { devices = 1, backend = 'jax' } = {}) {
  writeFileSync(join(folder, 'task.json'), JSON.stringify(task));
  const env = {
    KERAS_BACKEND: backend,
    JAX_PLATFORMS: 'cpu',
    XLA_FLAGS: [
      `--xla_force_host_platform_device_count=${devices}`,
      // Small models compile much longer than they run.
      '--xla_backend_optimization_level=0',
      '--xla_llvm_disable_expensive_passes=true',
    ].join(' '),
    PYTHONDONTWRITEBYTECODE: '1',
  };
  await run(python, ['-W', 'ignore', at(`tests/formats/${script}`), folder], { quiet: true, env });
  return JSON.parse(readFileSync(join(folder, 'answer.json'), 'utf8'));
}
