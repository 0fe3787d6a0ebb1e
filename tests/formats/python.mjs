// A Python of the tests (scripts/python.mjs) that does one task after the other: a line of JSON goes in, and one comes out.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { python } from '../../scripts/python.mjs';
import { at } from '../../scripts/run.mjs';

/** Starts a script of this folder. */
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
