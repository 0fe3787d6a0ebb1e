/** The digits that a run knows: once others have taken their place, whoever goes back to the run has them again. */
import type { DigitsInfo, OwnDigit, Trainer } from 'mapling/trainer';
import { classNames } from './classes';
import { areInUse, exchangingDigits, type Given, givenFiles } from './data';
import { included, trainsOnMine } from './lessons';
import { dispatch, session } from './session';
import { sources } from './sources';
import { messageOf, persist } from './trainer';

export interface Digits {
  data: DigitsInfo;
  /** The visitor's files that they came in; empty where a name is enough. */
  given: Given;
  /** Digits of the visitor's own among them, and what classes beyond the ten were called. */
  own: readonly OwnDigit[];
  names: Readonly<Record<number, string>>;
}

export const areSameData = (one: DigitsInfo, other: DigitsInfo): boolean =>
  (['name', 'train', 'test', 'classes'] as const).every((key) => one[key] === other[key]) &&
  (one.turned ?? false) === (other.turned ?? false) &&
  String(one.imageShape) === String(other.imageShape);

/** Those in use are these. */
export const digitsOf = (data: DigitsInfo): Digits => ({
  data,
  given: givenFiles(),
  own: data.own === undefined ? [] : included.peek(),
  names: classNames.peek(),
});

const areEqual = (one: readonly unknown[], other: readonly unknown[]): boolean =>
  one.length === other.length && one.every((part, at) => part === other[at]);

/** Whether classes of the visitor's own among these drawings are called the same. */
export const areNamedAlike = (own: Digits['own'], one: Digits['names'], other: Digits['names']): boolean =>
  own.every(({ label }) => label < 10 || one[label] === other[label]);

/** Whether these are in use already. */
export function isInUse({ data, given, own, names }: Digits): boolean {
  const now = session.peek().data;
  if (!now || !areSameData(now, data)) return false;
  const other = digitsOf(now);
  return (
    areEqual(given.files, other.given.files) &&
    areEqual(own, other.own) &&
    areNamedAlike(own, names, other.names)
  );
}

/** The page trains on these drawings of the visitor's too from now on. */
export function areIncluded(
  own: readonly OwnDigit[],
  { classes }: DigitsInfo,
  names: Digits['names'] = {},
): void {
  included.value = own;
  trainsOnMine.value = own.some(({ label }) => label < classes);
  classNames.value = { ...classNames.peek(), ...names };
}

/** Digits cannot be had again: the line is cut, or files have changed. */
export class Missing extends Error {}

/** The worker loads them; where they are missing it keeps those that it has. */
function loadAgain(trainer: Trainer, { data: { name, turned = false }, given }: Digits): Promise<DigitsInfo> {
  const source =
    name === 'file' ? ({ kind: 'files', ...given, fit: true, turn: turned } as const) : sources[name];
  return persist(() => trainer.digits.load(source)).catch((failure) => {
    throw new Missing(messageOf(failure));
  });
}

/** They take the place of those in use; the network stays as it is. */
async function takeAgain(
  trainer: Trainer,
  { data: { name }, given, own, names }: Digits,
  loaded: DigitsInfo,
): Promise<void> {
  const all = own.length > 0 ? await trainer.digits.include([...own]) : loaded;
  areInUse(given);
  areIncluded(own, loaded, names);
  dispatch({ type: 'loaded', data: all, as: name === 'file' ? 'files' : name });
}

/** Does this with these digits in use; where it fails, those that were in use before are again. */
export async function withDigits(trainer: Trainer, digits: Digits, work: () => Promise<void>): Promise<void> {
  const { data } = session.peek();
  if (!data || isInUse(digits)) return work();
  const before = digitsOf(data);
  await exchangingDigits(async () => {
    const loaded = await loadAgain(trainer, digits);
    try {
      await takeAgain(trainer, digits, loaded);
      await work();
    } catch (failure) {
      await takeAgain(trainer, before, await loadAgain(trainer, before));
      throw failure;
    }
  });
}

/**
 * Includes the visitor's digits, classes of their own among them, that were included where these were in use. In files other
 * numbers may stand for other things, so that beside these only digits are what they were. Gives the data then.
 */
export async function includeAgain(
  trainer: Trainer,
  { data: was, own, names }: Pick<Digits, 'data' | 'own' | 'names'>,
  data: DigitsInfo,
): Promise<DigitsInfo> {
  const isAlike =
    was.name === 'file'
      ? areSameData({ ...was, train: data.train, classes: data.classes }, data)
      : data.name !== 'file';
  const fitting = isAlike ? own : own.filter(({ label }) => label < Math.min(10, data.classes));
  if (fitting.length === 0) return data;
  const all = await trainer.digits.include([...fitting]).catch(() => null);
  if (all) areIncluded(fitting, data, names);
  return all ?? data;
}
