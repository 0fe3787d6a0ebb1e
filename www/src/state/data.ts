/** Where the digits come from. What cannot be had or used is found out before anything stops. */
import type { DigitsInfo, DigitsSource, Progress, Refusal, Trainer } from 'mapling/trainer';
import { dispatch, hasBegun, session } from './session';
import { enqueue, messageOf, mnist } from './trainer';
import { rebuild } from './training';

/** The four files as they are published, packed. */
const MNIST_BYTES = 11_594_722;
const MNIST: DigitsSource = { kind: 'mnist', ...mnist };
/** So many generated digits, in the styles that people write, beside MNIST's 60,000. */
const STYLES: DigitsSource = { kind: 'mnist', ...mnist, styles: 20_000 };
const GENERATED: DigitsSource = { kind: 'digits', seed: 1 };

/** The files that are in use, so that their pictures can be turned. */
let files: File[] = [];
let paths: string[] = [];

async function load(trainer: Trainer, source: DigitsSource): Promise<void> {
  const coming = new Map<string, Progress>();
  let isOver = false;
  let data: DigitsInfo;
  try {
    data = await trainer.digits.load(source, (progress) => {
      // News may come later than what it is about.
      if (isOver) return;
      coming.set(progress.file, progress);
      const sum = (part: 'loaded' | 'total') =>
        [...coming.values()].reduce((all, file) => all + file[part], 0);
      // Before a file begins to come its size is unknown; that of all four is not.
      const [loaded, total] = [sum('loaded'), Math.max(MNIST_BYTES, sum('total'))];
      dispatch({ type: 'progressed', progress: { loaded, total } });
    });
  } catch (error) {
    dispatch({ type: 'progressed', progress: null });
    return without(trainer, source, error);
  } finally {
    isOver = true;
  }
  files = source.kind === 'files' ? source.files : [];
  paths = (source.kind === 'files' && source.paths) || [];
  dispatch({ type: 'noticed', notice: source.kind === 'files' ? { kind: 'taken' } : null });
  await use(trainer, data);
}

/** The network that was trained on other digits makes way. */
async function use(trainer: Trainer, data: DigitsInfo): Promise<void> {
  if (hasBegun(session.peek())) await trainer.stop();
  dispatch({ type: 'loaded', data });
  await rebuild(trainer);
}

/** Digits that cannot be had leave everything as it was; a page without any goes on with its own. */
async function without(trainer: Trainer, source: DigitsSource, error: unknown): Promise<void> {
  const isFirst = session.peek().data === null;
  if (source.kind === 'files') {
    const { refusal } = error as { refusal?: Refusal };
    dispatch({ type: 'noticed', notice: { kind: 'refused', refusal, detail: messageOf(error) } });
  } else if (source.kind === 'mnist') {
    dispatch({ type: 'noticed', notice: { kind: isFirst ? 'noMnist' : 'noMnistNow' } });
  } else throw error;
  if (isFirst) await use(trainer, await trainer.digits.load(GENERATED));
}

const ask = (source: DigitsSource): Promise<void> => enqueue((trainer) => load(trainer, source));

export const takeMnist = (): Promise<void> => ask(MNIST);
export const takeStyles = (): Promise<void> => ask(STYLES);
export const takeGenerated = (): Promise<void> => ask(GENERATED);

/** The browser tells where the files of a chosen folder lie; of a dropped one the page found it out. */
export function takeFiles(
  given: File[],
  where = given.map(({ name, webkitRelativePath }) => webkitRelativePath || name),
): void {
  if (given.length > 0) void ask({ kind: 'files', files: given, paths: where, fit: true, turn: 'by name' });
}

/** Exchanges rows and columns of the visitor's pictures, or takes that back. */
export function turnFiles(): void {
  const isTurned = session.peek().data?.turned === true;
  if (files.length > 0) void ask({ kind: 'files', files, paths, fit: true, turn: !isTurned });
}
