/**
 * What few pages ask of their trainer: lessons, digits of one's own, photos, and models as files. The worker's answers are
 * the list; here stands, by the same names, how each is checked on this side. Beside them, what a worker asks of a store.
 */
import type { Bytes } from '../engine/bytes.js';
import { checkFunction, describe, fault, onlyKeys, whole } from '../engine/errors.js';
import { isArray, isObject } from '../engine/look.js';
import { checkPicture, type Digits, type TeachOptions } from './digits.js';
import type { AskStore } from './inside/kept-detector.js';
import type { Answers, Asked, Seldom } from './inside/seldom.js';
import type { Life } from './life.js';
import type { ByteStore, ModelFormat } from './protocol.js';

/** A model has fewer files; a list without anything in it may say any length. */
const MOST = 2 ** 20;

/** The public functions: those of digits, and two of the trainer itself. */
interface Public extends Omit<Digits, 'read'> {
  write(format: ModelFormat): unknown;
  read(files: ArrayLike<File>): unknown;
}
type Given<Name extends Seldom> = Parameters<Public[Name]>;
/** What is said to the worker, and what takes the question back. */
type Said<Name extends Seldom> = { args: Asked<Name>; signal?: AbortSignal | undefined };

function checkTeaching(where: string, options: TeachOptions | undefined): void {
  onlyKeys(where, options, ['seed', 'onStep', 'signal']);
  const { seed, onStep } = options ?? {};
  if (seed !== undefined) whole(`${where}: seed`, seed, 0);
  if (onStep !== undefined) checkFunction(`${where}: onStep`, onStep);
}

const checked: { [Name in Seldom]: (...given: Given<Name>) => Said<Name> } = {
  teach(drawing, label, options) {
    const where = 'digits.teach';
    const picture = isArray(drawing) ? { strokes: drawing } : drawing;
    checkPicture(where, picture);
    whole(`${where}: label`, label, 0);
    checkTeaching(where, options);
    const { seed, onStep, signal } = options ?? {};
    return { args: [picture, label, seed, onStep], signal };
  },

  addClass(drawings, options) {
    const where = 'digits.addClass';
    if (!isArray(drawings) || !drawings.every(isArray))
      throw fault('type', `${where}: expected an array of drawings, got ${describe(drawings)}`);
    checkTeaching(where, options);
    const { seed, onStep, signal } = options ?? {};
    return { args: [drawings, seed, onStep], signal };
  },

  include(own) {
    const where = 'digits.include';
    if (!isArray(own) || !own.every(isObject))
      throw fault('type', `${where}: expected an array of drawings with labels, got ${describe(own)}`);
    for (const one of own) checkPicture(where, one);
    return { args: [own] };
  },

  fromPhoto(photo) {
    const { data, width, height } = photo ?? {};
    if (!(width * height > 0) || data?.length !== 4 * width * height)
      throw fault('type', `digits.fromPhoto: expected { data, width, height }, got ${describe(photo)}`);
    return { args: [{ data, width, height }] };
  },

  write(format) {
    if (typeof format !== 'string')
      throw fault('value', `write: format: expected the name of a format, got ${describe(format)}`);
    return { args: [format] };
  },

  read(files) {
    // What an input has chosen is no array.
    const list = isObject(files) && files.length > 0 && files.length <= MOST ? Array.from(files) : [];
    if (list.length === 0) throw fault('type', `read: expected a list of files, got ${describe(files)}`);
    const odd = list.findIndex(
      (one) => typeof one?.name !== 'string' || typeof one.arrayBuffer !== 'function',
    );
    if (odd >= 0) throw fault('type', `read: expected files, got ${describe(list[odd])} at ${odd}`);
    return { args: [list] };
  },
};

/** One function by which the worker asks a store of this page. */
export function asking(store: ByteStore): AskStore {
  const names = ['get', 'set', 'delete'] as const;
  if (!isObject(store) || names.some((name) => typeof store[name] !== 'function'))
    throw fault('type', `digits.learnOthers: store: expected { get, set, delete }, got ${describe(store)}`);
  return async (what, name, bytes) => {
    if (what === 'get') return store.get(name);
    // What a Map answers here is the whole Map, which stays on this side.
    await (what === 'set' ? store.set(name, bytes as Bytes) : store.delete(name));
  };
}

/** Asks the worker for one of these. */
export async function ask<Name extends Seldom>(
  life: Life,
  name: Name,
  ...given: Given<Name>
): Promise<Awaited<ReturnType<Answers[Name]>>> {
  const { args, signal } = checked[name](...given);
  const answer = await life.ask((hands, number) => hands.seldom(number, name, ...args), signal);
  return answer as Awaited<ReturnType<Answers[Name]>>;
}
