// How the scripts start other programs. Node built-ins only: this runs before `npm ci` has.
import { spawn, spawnSync } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';

/** The repository's root. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** A path inside the repository. */
export const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

const shell = process.platform === 'win32';

/** What a program prints, trimmed, or `undefined` when it is missing or fails. */
export function output(command, args) {
  const { status, stdout } = spawnSync(command, args, { cwd: root, encoding: 'utf8', shell });
  return status === 0 ? stdout.trim() : undefined;
}

/** Programs at work: they end with us. */
const running = new Set();
process.on('exit', () => {
  for (const child of running) child.kill();
});

/**
 * Runs a program with our output; rejects when it fails. `quiet` shows its output only then; `idle` lets it work only
 * while nobody else wants to.
 */
export function run(command, args, { quiet = false, idle = false, env = {}, cwd = root } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      shell,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(child);
    try {
      if (idle && child.pid) setPriority(child.pid, constants.priority.PRIORITY_LOW);
    } catch {} // it may have ended already
    let text = '';
    const collect = (to) => (chunk) => {
      text += chunk;
      if (!quiet) to.write(chunk);
    };
    child.stdout.setEncoding('utf8').on('data', collect(process.stdout));
    child.stderr.setEncoding('utf8').on('data', collect(process.stderr));
    child.on('error', (error) => reject(new Error(`${command} does not start: ${error.message}`)));
    child.on('close', (code) => {
      running.delete(child);
      if (code === 0) return resolve(text);
      if (quiet) process.stderr.write(text);
      reject(Object.assign(new Error(`${command} ${args.join(' ')} failed`), { output: text }));
    });
  });
}

/** True when this file is the one that Node was started with. */
export const isMain = (url) => process.argv[1] === fileURLToPath(url);

/** Runs a script's main function; an error becomes one line and exit code 1. */
export async function main(body) {
  try {
    await body();
  } catch (error) {
    console.error(`mapling: ${error.message}`);
    process.exitCode = 1;
  }
}
