/** Prints how far work is, as Keras does: a line that is written anew in a terminal, plain lines elsewhere. */
import { describe, fault } from '../engine/errors.js';
import type { Logs } from './callbacks/callback.js';
import type { Progress } from './loop.js';
import { printer } from './verbosity.js';

/** How wide the bar is, in characters. */
const WIDTH = 20;
/** Milliseconds between two states of the line. */
const PAUSE = 100;

interface Stream {
  isTTY?: boolean;
  write(text: string): unknown;
}

/** The terminal, in Node and its kin; browsers have their console. */
const terminal = (): Stream | undefined =>
  typeof process === 'undefined' ? undefined : (process.stdout as Stream | undefined);

/** Whether lines can be written anew, and in colour. */
const isTerminal = (): boolean => terminal()?.isTTY === true;
const bold = (text: string): string => (process.env?.NO_COLOR ? text : `\x1b[1m${text}\x1b[0m`);
const colored = (color: number, text: string): string =>
  text === '' || process.env?.NO_COLOR ? text : `\x1b[${color}m${text}\x1b[0m`;

function printLine(line: string): void {
  const out = terminal();
  if (out) out.write(`${line}\n`);
  else console.log(line);
}

/** How long a step took. */
function perStep(milliseconds: number, unit = 'step'): string {
  const [scaled, name] =
    milliseconds >= 1000
      ? [milliseconds / 1000, 's']
      : milliseconds >= 1
        ? [milliseconds, 'ms']
        : [milliseconds * 1000, 'us'];
  return `${scaled.toFixed(0)}${name}/${unit}`;
}

/** Time that is left. */
function left(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  const two = (count: number): string => String(Math.floor(count)).padStart(2, '0');
  if (seconds > 3600)
    return `${Math.floor(seconds / 3600)}:${two((seconds % 3600) / 60)}:${two(seconds % 60)}`;
  return seconds > 60 ? `${Math.floor(seconds / 60)}:${two(seconds % 60)}` : `${seconds}s`;
}

const value = (one: number): string =>
  Math.abs(one) > 1e-3 || one === 0 || !Number.isFinite(one)
    ? one.toFixed(4)
    : one.toExponential(4).replace(/e([+-])(\d)$/, 'e$10$2');

const values = (logs: Logs): string =>
  Object.keys(logs)
    .sort()
    .map((name) => ` - ${name}: ${value(logs[name]!)}`)
    .join('');

/** The lines of one run, an evaluation or a prediction. */
class ProgressLine implements Progress {
  readonly #verbose: 1 | 2;
  /** Batches that there are in all; none where nobody knows yet. */
  #target: number | undefined;
  #begun = performance.now();
  #told = 0;
  /** The length of what stands in the line. */
  #length = 0;

  constructor(verbose: 1 | 2, target: number | null | undefined) {
    this.#verbose = verbose;
    this.#target = target ?? undefined;
  }

  epochBegins(epoch: number, epochs: number): void {
    this.#begun = performance.now();
    this.#told = 0;
    printLine(`Epoch ${epoch + 1}/${epochs}`);
  }

  batches(done: number, logs: () => Logs): void {
    if (this.#verbose === 2 || !isTerminal()) return;
    const now = performance.now();
    if (now - this.#told < PAUSE) return;
    this.#told = now;
    const each = (now - this.#begun) / done;
    const target = this.#target;
    const time = left(target === undefined ? now - this.#begun : each * (target - done));
    const shown = `${this.#count(done)} ${bold(time)} ${perStep(each)}${values(logs())}`;
    this.#write(shown, false);
  }

  epochEnds(done: number, logs: Logs): void {
    // Whoever did not know how long an epoch is knows it now.
    this.#target ??= done;
    const took = performance.now() - this.#begun;
    const seconds = `${(took / 1000).toFixed(0)}s`;
    const each = perStep(took / Math.max(1, done));
    if (this.#verbose === 2) printLine(`${done}/${this.#target} - ${seconds} - ${each}${values(logs)}`);
    else if (isTerminal()) this.#write(`${this.#count(done)} ${bold(seconds)} ${each}${values(logs)}`, true);
    else printLine(`${done}/${this.#target} ${bar(done, this.#target)} ${seconds} ${each}${values(logs)}`);
  }

  #count(done: number): string {
    const target = this.#target;
    if (target === undefined) return `${String(done).padStart(7)}/Unknown`;
    const full = Math.floor((WIDTH * Math.min(done, target)) / target);
    const at = `${String(done).padStart(String(target).length)}/${target}`;
    return `${bold(at)} ${colored(32, '━'.repeat(full))}${colored(37, '━'.repeat(WIDTH - full))}`;
  }
  /** Writes the line anew; what stood there and was longer goes. */
  #write(line: string, isLast: boolean): void {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the marks of colours take no room
    const length = line.replace(/\x1b\[\d+m/g, '').length;
    const rest = ' '.repeat(Math.max(0, this.#length - length));
    terminal()!.write(`\r${line}${rest}${isLast ? '\n' : ''}`);
    this.#length = isLast ? 0 : length;
  }
}

const bar = (done: number, target: number): string =>
  '━'.repeat(Math.floor((WIDTH * Math.min(done, target)) / target));

/** By default nothing is printed, as in `@tensorflow/tfjs`: what prints there is the package for Node. */
printer.check = (where, given) => {
  if (given === undefined || given === null || given === false || given === 0) return 0;
  if (given === true || given === 1 || given === 'auto') return 1;
  if (given === 2) return 2;
  throw fault('value', `${where}: verbose: expected 0, 1, 2 or auto, got ${describe(given)}`);
};
printer.make = (verbose, batches) =>
  verbose === 0 ? undefined : new ProgressLine(verbose, Number.isFinite(batches) ? batches : undefined);
printer.line = printLine;
