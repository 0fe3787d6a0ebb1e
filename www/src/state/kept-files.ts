/**
 * The visitor's digits in files lie on this device beside the runs that learned from them: whoever comes back goes on with
 * both. Where a browser has no room for them, such a run is offered, or shown without them.
 */
import { type Given, givenFiles } from './data';
import { type KeptFiles, openings } from './kept-database';
import { readFiles, writeFiles } from './kept-store';
import { runs } from './runs';

/** Bytes of files on the device, those of the present run first; MNIST unpacked has 55 million. */
const MOST = 256 * 2 ** 20;

/** So many are compared at once: all of MNIST's would keep the page from answering for a moment that one feels. */
const PIECE = 2 ** 20;

let count = 0;
const names = new WeakMap<readonly File[], string>();
/** What these files are called on the device; empty where there are none. */
export function nameOf({ files }: Given): string {
  if (files.length === 0) return '';
  const known = names.get(files) ?? `${Date.now().toString(36)}-${++count}`;
  names.set(files, known);
  return known;
}

const bytesOf = ({ files }: Given): number => files.reduce((sum, { size }) => sum + size, 0);

/** What lies on the device, is on its way there, or was refused: the tab, the opening of its database, and the files' names. */
let settled = '';
let settling: Promise<void> = Promise.resolve();

/** Keeps the files of the present run and of those beside it for this tab, and lets go of all others. */
export async function keepFiles(tab: string): Promise<void> {
  const sets = new Map<string, Given>();
  let room = MOST;
  for (const given of [givenFiles(), ...runs.peek().map(({ digits }) => digits.given)]) {
    const name = nameOf(given);
    if (name === '' || sets.has(name) || bytesOf(given) > room) continue;
    sets.set(name, given);
    room -= bytesOf(given);
  }
  const now = JSON.stringify([tab, openings.peek(), [...sets.keys()].sort()]);
  if (now === settled) return settling;
  settled = now;
  const records = [...sets].map(([name, { files, paths }]): KeptFiles => {
    const of = files.map((file) => ({ name: file.name, size: file.size }));
    // One piece: a folder may have more files than a database takes one by one.
    return { tab, name, bytes: new Blob(files), files: of, paths };
  });
  // Files that have changed since, or for which there is no room, are gone with the visit.
  settling = writeFiles(tab, records).catch(() => {});
  return settling;
}

/** Whether these are the same files, as far as their bytes tell. */
export async function areSameFiles(one: Given, other: Given): Promise<boolean> {
  if (one.files.length !== other.files.length || bytesOf(one) !== bytesOf(other)) return false;
  const [left, right] = [new Blob(one.files), new Blob(other.files)];
  for (let at = 0; at < left.size; at += PIECE) {
    const [these, those] = await Promise.all(
      [left, right].map(async (blob) => new Uint8Array(await blob.slice(at, at + PIECE).arrayBuffer())),
    );
    if (!these!.every((byte, place) => byte === those![place])) return false;
  }
  return true;
}

/** Files that were read, by their names: runs that share them go on sharing them. */
const read = new Map<string, Promise<Given | null>>();

/** The files that this tab kept under this name; null where they are gone. */
export function filesOf(tab: string, name: string): Promise<Given | null> {
  const known = read.get(name) ?? readAll(tab, name).catch(() => null);
  read.set(name, known);
  return known;
}

async function readAll(tab: string, name: string): Promise<Given | null> {
  const kept = await readFiles(tab, name);
  if (!kept) return null;
  let at = 0;
  const files = kept.files.map(({ name, size }) => {
    at += size;
    return new File([kept.bytes.slice(at - size, at)], name);
  });
  names.set(files, name);
  return { files, paths: kept.paths };
}
