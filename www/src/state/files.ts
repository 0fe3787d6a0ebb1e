/** The visitor's digits in files. */
import type { DigitsInfo, Refusal, Trainer } from 'mapling/trainer';
import { areInUse, ask, type Given, givenFiles, isOutdone, use } from './data';
import { dispatch, session } from './session';
import { enqueue, messageOf, started } from './trainer';

/**
 * Loads the visitor's files. For a chosen folder the browser says where each file lies; for a dropped one the page says it in
 * `where`. Where looking through a folder took long, `number` says when it was asked for.
 */
export function takeFiles(
  files: File[],
  where = files.map(({ name, webkitRelativePath }) => webkitRelativePath || name),
  turn: boolean | 'by name' = 'by name',
  number = ask(),
): Promise<void> {
  if (files.length === 0) return Promise.resolve();
  return started.then(() => enqueue((trainer) => loadFiles(trainer, { files, paths: where }, turn, number)));
}

async function loadFiles(
  trainer: Trainer,
  asked: Given,
  turn: boolean | 'by name',
  number: number,
): Promise<void> {
  if (isOutdone(number)) return;
  let data: DigitsInfo;
  try {
    data = await trainer.digits.load({ kind: 'files', ...asked, fit: true, turn });
  } catch (error) {
    const { refusal } = error as { refusal?: Refusal };
    dispatch({ type: 'noticed', notice: { kind: 'refused', refusal, detail: messageOf(error) } });
    return;
  }
  // MNIST may still be on its way, for an older request or a later one.
  areInUse(asked, number);
  dispatch({ type: 'noticed', notice: { kind: 'taken' } });
  await use(trainer, data, 'files');
}

/** Exchanges rows and columns of the visitor's pictures, or undoes that. */
export function turnFiles(): void {
  const { files, paths } = givenFiles();
  void takeFiles(files, paths, session.peek().data?.turned !== true);
}
