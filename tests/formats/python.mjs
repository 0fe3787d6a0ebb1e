// Scripts of this folder, run by the Python of the tests (scripts/python.mjs).
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { python } from '../../scripts/python.mjs';
import { at, run } from '../../scripts/run.mjs';

/** Starts a script that does one task after the other: a line of JSON goes in, and one comes out. */
export function startPython(script) {
  const child = spawn(python, [at(`tests/formats/${script}`)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { resolve, reject } = waiting.shift();
    try {
      resolve(JSON.parse(line));
    } catch (error) {
      reject(error);
    }
  });
  const end = (why) => {
    for (const { reject } of waiting.splice(0)) reject(new Error(`${script}: ${why}`));
  };
  child.on('error', (error) => end(error.message));
  child.on('exit', (code) => end(`ended with ${code}`));
  return {
    /** What the script says to a task. */
    ask: (task) =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        child.stdin.write(`${JSON.stringify(task)}\n`);
      }),
    stop: () => child.stdin.end(),
  };
}

/** A folder for files that both sides read and write; it is gone when the process ends. */
export function sharedFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'mapling-formats-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** On Keras with JAX or NumPy: gives the script `task` (as JSON) and the folder, and returns what it answers. `devices` are JAX's on the CPU. */
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
