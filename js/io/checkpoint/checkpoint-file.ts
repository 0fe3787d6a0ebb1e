/**
 * A checkpoint as bytes. All numbers are little-endian, and each byte is covered by a check:
 *
 *     0   8  the magic: 89 4d 50 4c 0d 0a 1a 0a, which shows transfers as text (as PNG's does)
 *     8   4  the version, 1
 *     12  4  how many sections there are
 *     16  4  the length of the file
 *     20  4  the CRC-32 of the 20 bytes above and of the table
 *     24     the table: for each section 16 bytes, its kind, where it begins, its length, its CRC-32
 *
 * Sections follow one another, each at the next multiple of 8, with zeros between. The first is JSON (kind 0), which has
 * everything but arrays (`values.ts`); the others are arrays (kinds from 1).
 */
import type { Bytes } from '../../engine/bytes.js';
import { describe, fault } from '../../engine/errors.js';
import { isArray, isObject } from '../../engine/look.js';
import type { ModelSource, SavedModel } from '../../nn/source.js';
import { SOURCE_KEYS } from '../../nn/source-keys.js';
import { checkRun } from '../../train/resume.js';
import type { RunState } from '../../train/run-state.js';
import { isLight } from '../light.js';
import { crc32 } from './crc.js';
import { KINDS, kindOf, pack, unpack, type Values } from './values.js';

const MAGIC = [0x89, 0x4d, 0x50, 0x4c, 0x0d, 0x0a, 0x1a, 0x0a];
const VERSION = 1;
const HEAD = 24;
const ROW = 16;
/** The JSON is no longer, and holds an eighth of what others may: what grows with a model or a run lies in arrays. */
const MOST_TEXT = 2 ** 24;

const next = (end: number): number => 8 * Math.ceil(end / 8);

const bytesOf = (values: Values): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

/** The lists of a run that grow with it as arrays, or these as lists. */
function withLists(run: RunState, list: (values: ArrayLike<number>) => unknown): RunState {
  const { position, history } = run;
  const logs = Object.entries(history.history).map(([name, values]) => [name, list(values)]);
  return {
    ...run,
    position: list(position),
    history: { epoch: list(history.epoch), history: Object.fromEntries(logs) },
  } as RunState;
}

/** The bytes of a model that was written down. */
export function write(source: SavedModel, where = 'toCheckpoint'): Bytes {
  const { run } = source;
  const arrays: Values[] = [];
  const packed = pack(
    where,
    run ? { ...source, run: withLists(run, (values) => Float64Array.from(values)) } : source,
    arrays,
  );
  const json = JSON.stringify(packed);
  const text = new TextEncoder().encode(json);
  const sections = [text, ...arrays.map(bytesOf)];
  const begins: number[] = [];
  let end = HEAD + ROW * sections.length;
  for (const section of sections) {
    begins.push(next(end));
    end = next(end) + section.length;
  }
  if (text.length > MOST_TEXT || !isLight(json, end / 8)) {
    const how = 'what callbacks remember is too long: lists of numbers can be typed arrays';
    throw fault('value', `${where}: ${how}`);
  }
  if (end >= 2 ** 32) throw fault('memory', `${where}: the model is larger than 4 GiB`);
  const file = new Uint8Array(end);
  const view = new DataView(file.buffer);
  file.set(MAGIC);
  [VERSION, sections.length, end].forEach((number, at) => {
    view.setUint32(8 + 4 * at, number, true);
  });
  sections.forEach((section, place) => {
    const begin = begins[place]!;
    file.set(section, begin);
    const kind = place === 0 ? 0 : 1 + kindOf(arrays[place - 1]);
    const sum = crc32(file.subarray(begin, begin + section.length));
    [kind, begin, section.length, sum].forEach((number, at) => {
      view.setUint32(HEAD + ROW * place + 4 * at, number, true);
    });
  });
  view.setUint32(20, headSum(file, sections.length), true);
  return file;
}

const headSum = (file: Uint8Array, sections: number): number =>
  crc32(file.subarray(HEAD, HEAD + ROW * sections), crc32(file.subarray(0, 20)));

/** The sections of a file, each byte of which has been checked. */
function sectionsOf(where: string, file: Uint8Array): { kind: number; bytes: Uint8Array }[] {
  const refuse = (what: string): never => {
    throw fault('format', `${where}: ${what}`);
  };
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const number = (at: number): number => view.getUint32(at, true);
  if (MAGIC.some((byte, at) => file[at] !== byte))
    refuse('this is no checkpoint: it begins with other bytes');
  if (file.length < HEAD) refuse(`the file ends in its head, after ${file.length} bytes`);
  const [version, count, length] = [number(8), number(12), number(16)];
  if (version !== VERSION) refuse(`the file is of version ${version}, and version ${VERSION} is read here`);
  if (length !== file.length) refuse(`the file has ${file.length} bytes, and should have ${length}`);
  if (count < 1 || count > (length - HEAD) / ROW)
    refuse(`its table of ${count} sections does not fit into the file`);
  if (number(20) !== headSum(file, count)) refuse('the checksum of its head is wrong');
  let end = HEAD + ROW * count;
  return Array.from({ length: count }, (_, place) => {
    const row = HEAD + ROW * place;
    const [kind, begin, size] = [number(row), number(row + 4), number(row + 8)];
    const name = `section ${place}`;
    if (begin !== next(end) || size > length - begin) refuse(`${name} does not lie behind the one before it`);
    if (file.subarray(end, begin).some((byte) => byte !== 0)) refuse(`there is something before ${name}`);
    const bytes = file.subarray(begin, begin + size);
    if (number(row + 12) !== crc32(bytes)) refuse(`the checksum of ${name} is wrong`);
    if ((kind === 0) !== (place === 0) || kind > KINDS.length)
      refuse(`${name} is of an unknown kind, ${kind}`);
    if (kind > 0 && size % KINDS[kind - 1]!.BYTES_PER_ELEMENT !== 0)
      refuse(`${name} ends in the middle of a value`);
    end = begin + size;
    if (place === count - 1 && end !== length) refuse('there is something behind the last section');
    return { kind, bytes };
  });
}

/** The JSON in these bytes, of a file of this length. */
function textOf(where: string, bytes: Uint8Array, length: number): unknown {
  let json = '';
  try {
    // Memory that threads share cannot be decoded in place.
    const own = bytes.buffer instanceof ArrayBuffer ? bytes : bytes.slice();
    if (own.length <= MOST_TEXT) json = new TextDecoder('utf-8', { fatal: true }).decode(own);
    if (json && isLight(json, length / 8)) return JSON.parse(json);
  } catch {
    throw fault('format', `${where}: section 0 is not JSON`);
  }
  throw fault('format', `${where}: section 0 holds more than a checkpoint does`);
}

/**
 * The model in a file, written down. Arrays are copies: the file's memory may be used otherwise.
 * @throws For whatever is not as {@link write} writes it, with the code `format`.
 */
export function read(where: string, file: Uint8Array): SavedModel {
  const [text, ...rest] = sectionsOf(where, file);
  const packed = textOf(where, text!.bytes, file.length);
  const arrays = rest.map(({ kind, bytes }) => {
    const { buffer } = bytes.slice();
    return new KINDS[kind - 1]!(buffer) as Values | undefined;
  });
  const source = unpack(where, packed, arrays);
  const unused = arrays.findIndex((values) => values !== undefined);
  if (unused >= 0) throw fault('format', `${where}: section ${unused + 1} belongs to nothing`);
  return checkSource(where, source);
}

const isList = (value: unknown): value is unknown[] => isArray(value);

/** Refuses what is no model that was written down; whether its parts fit the model is found out when it is made. */
function checkSource(where: string, given: unknown): SavedModel {
  const refuse = (what: string): never => {
    throw fault('format', `${where}: ${what}`);
  };
  if (!isObject(given) || isArray(given)) refuse('section 0 describes no model');
  const source = given as Partial<ModelSource> & Record<string, unknown>;
  const odd = Object.keys(source).find((key) => !SOURCE_KEYS.includes(key));
  if (odd !== undefined) refuse(`section 0 has an unknown part ${describe(odd)}`);
  if (typeof source.json !== 'string') refuse('json: expected the architecture as a text');
  if (!(source.weights instanceof Uint8Array)) refuse('weights: expected the weights as bytes');
  if (!Number.isSafeInteger(source.seed))
    refuse(`seed: expected a whole number, got ${describe(source.seed)}`);
  const { compile, optimizerState, states, generator, run } = source as Record<string, unknown>;
  if (compile !== undefined && (!isObject(compile) || isList(compile))) refuse('compile: expected an object');
  if (optimizerState !== undefined && compile === undefined) refuse('optimizerState: there is no optimizer');
  const values: unknown = (optimizerState as { values?: unknown } | undefined)?.values;
  const isKept = (one: unknown): boolean => one === null || one instanceof Float32Array;
  if (optimizerState !== undefined && !(isList(values) && values.every(isKept)))
    refuse('optimizerState: values: expected an array of float32, or null, for each weight');
  if (states !== undefined && !isList(states)) refuse('states: expected a list');
  const isCount = (one: unknown): boolean => Number.isSafeInteger(one) && (one as number) >= 0;
  if (!(isList(generator) && generator.length >= 2 && generator.every(isCount)))
    refuse('generator: expected counts');
  if (run === undefined) return source as SavedModel;
  const lists = isRunOfArrays(run)
    ? withLists(run, (all) => Array.from(all))
    : refuse('run: no run is kept so');
  return { ...(source as SavedModel), run: checkRun(`${where}: run`, lists) };
}

/** Whether the lists of a run that grow with it are arrays. */
function isRunOfArrays(given: unknown): given is RunState {
  const { position, history } = (isObject(given) ? given : {}) as Partial<RunState>;
  const { epoch, history: logs } = (isObject(history) ? history : {}) as Partial<RunState['history']>;
  const isOne = (value: unknown): boolean => value instanceof Float64Array;
  return isOne(position) && isOne(epoch) && isObject(logs) && Object.values(logs).every(isOne);
}
