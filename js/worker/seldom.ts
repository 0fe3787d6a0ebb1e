/** What few pages ask of their trainer, checked on this side: lessons, digits of one's own, photos, and models as files. */
import { describe, fault, onlyKeys, whole } from '../engine/errors.js';
import { isArray, isObject } from '../engine/look.js';
import { checkPicture, type Digits, type TeachOptions } from './digits.js';
import type { Answers, Asked, Seldom } from './inside/seldom.js';
import type { Life } from './life.js';
import type {
  DigitsInfo,
  Grown,
  ModelFile,
  ModelFormat,
  OwnDigit,
  Picture,
  ReadModel,
  Stroke,
  Taught,
} from './protocol.js';

/** Asks the worker for one of these. */
const ask = <Name extends Seldom>(
  life: Life,
  signal: AbortSignal | undefined,
  name: Name,
  ...args: Asked<Name>
): ReturnType<Answers[Name]> =>
  life.ask((hands, number) => hands.seldom(number, name, ...args), signal) as ReturnType<Answers[Name]>;

function checkTeaching(where: string, options: TeachOptions | undefined): void {
  onlyKeys(where, options, ['seed', 'onStep', 'signal']);
  const { seed, onStep } = options ?? {};
  if (seed !== undefined) whole(`${where}: seed`, seed, 0);
  if (onStep !== undefined && typeof onStep !== 'function')
    throw fault('type', `${where}: onStep: expected a function, got ${describe(onStep)}`);
}

export async function teach(
  life: Life,
  drawing: Stroke[] | Picture,
  label: number,
  options?: TeachOptions,
): Promise<Taught> {
  const where = 'digits.teach';
  const picture = isArray(drawing) ? { strokes: drawing as Stroke[] } : drawing;
  checkPicture(where, picture);
  whole(`${where}: label`, label, 0);
  checkTeaching(where, options);
  const { seed, onStep, signal } = options ?? {};
  return ask(life, signal, 'teach', picture, label, seed, onStep);
}

export async function addClass(life: Life, drawings: Stroke[][], options?: TeachOptions): Promise<Grown> {
  const where = 'digits.addClass';
  if (!isArray(drawings) || !drawings.every(isArray))
    throw fault('type', `${where}: expected an array of drawings, got ${describe(drawings)}`);
  checkTeaching(where, options);
  const { seed, onStep, signal } = options ?? {};
  return ask(life, signal, 'addClass', drawings, seed, onStep);
}

export async function include(life: Life, own: OwnDigit[]): Promise<DigitsInfo> {
  const where = 'digits.include';
  if (!isArray(own) || !own.every(isObject))
    throw fault('type', `${where}: expected an array of drawings with labels, got ${describe(own)}`);
  for (const one of own) checkPicture(where, one);
  return ask(life, undefined, 'include', own);
}

export async function fromPhoto(
  life: Life,
  photo: Parameters<Digits['fromPhoto']>[0],
): Promise<Float32Array> {
  const { data, width, height } = photo ?? {};
  if (!(width * height > 0) || data?.length !== 4 * width * height)
    throw fault('type', `digits.fromPhoto: expected { data, width, height }, got ${describe(photo)}`);
  return ask(life, undefined, 'fromPhoto', { data, width, height });
}

export const write = (life: Life, format: ModelFormat): Promise<ModelFile[]> =>
  ask(life, undefined, 'write', format);

export async function read(life: Life, files: File[]): Promise<ReadModel> {
  if (!isArray(files) || files.length === 0)
    throw fault('type', `read: expected a list of files, got ${describe(files)}`);
  return ask(life, undefined, 'read', [...files]);
}
