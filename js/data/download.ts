/** Packed files, from a server or this machine. */

import type { Bytes } from '../engine/bytes.js';
import { textOf } from '../engine/errors.js';
import { isLocal } from '../engine/local.js';
import { isA } from '../engine/look.js';
import { find, keep, type Version, versionOf } from './cached.js';
import { fromDisk } from './disk.js';
import { type Format, type Pieces, piecesOf, unpacked } from './unpack.js';

/** How much of a file has come; `total` is 0 while its size is unknown. */
export interface Progress {
  loaded: number;
  total: number;
  file: string;
}

export interface DownloadOptions {
  /** Looks for what {@link Downloaded.keep} kept on an earlier visit. */
  cache?: boolean | undefined;
  /** The SHA-256 sum, in hex, of the unpacked file, where it is known beforehand: such a file has one version only. */
  sum?: string | undefined;
  onProgress?: ((progress: Progress) => void) | undefined;
  signal?: AbortSignal | undefined;
}

export interface Downloaded {
  file: string;
  /** Unpacked. */
  bytes: Bytes;
  /** Keeps it for the next visit; worth calling once the file proved to be good. */
  keep(): Promise<void>;
}

/** Where a file is, and what it is called in errors. */
interface Place extends DownloadOptions {
  address: string;
  file: string;
}

/** The file at `address`, unpacked; it is called `file` in errors. `format` tells how long it may become. */
export async function download(
  address: string,
  file: string,
  format: Format,
  options: DownloadOptions = {},
): Promise<Downloaded> {
  const place = { ...options, address, file };
  const done = (bytes: Bytes, keep = async () => {}): Downloaded => ({ file, bytes, keep });
  if (isLocal(address)) return done(await unpacked(watched(fromDisk(address), place), file, format));
  const answer = await newest(place);
  if (isA(answer, Uint8Array)) return done(answer);
  const bytes = await unpacked(watched(fromServer(answer), place), file, format);
  return done(bytes, options.cache ? () => keep(address, answer, bytes, options.sum) : undefined);
}

/** The server's answer; or else what an earlier visit kept, if that is the newest or nobody can be asked. */
async function newest({ address, file, cache, sum, signal }: Place): Promise<Response | Bytes> {
  const before = cache ? await find(address) : undefined;
  if (before?.version[0] === 'sha-256' && before.version[1] === sum) {
    const bytes = await before.bytes;
    if (bytes) return bytes;
  }
  const get = async (known?: Version): Promise<Response> => {
    const response = await fetch(address, { headers: asked(known), ...(signal && { signal }) });
    if (!response.ok && !(known && response.status === 304)) throw new Refused(`HTTP ${response.status}`);
    return response;
  };
  try {
    const response = await get(before?.version);
    if (response.ok && !isSame(response, before?.version)) return response;
    const bytes = await before?.bytes;
    if (!bytes) return response.ok ? response : await get();
    // A server that heeds no questions sends the same once more.
    response.body?.cancel().catch(() => {});
    return bytes;
  } catch (failure) {
    const alone = !signal?.aborted && !(failure instanceof Refused);
    const bytes = alone && (await before?.bytes);
    if (bytes) return bytes;
    throw lost(file, address, failure);
  }
}

/** How a server is asked for a file only where it has another version than this one. */
function asked(known: Version | undefined): Record<string, string> {
  if (known?.[0] === 'etag') return { 'if-none-match': known[1] };
  return known?.[0] === 'last-modified' ? { 'if-modified-since': known[1] } : {};
}

/** The whole file has come, in a version that is known already. */
function isSame({ headers }: Response, known: Version | undefined): boolean {
  const now = versionOf(headers);
  return known !== undefined && now?.[0] === known[0] && now[1] === known[1];
}

/** What a server answered instead of a file. */
class Refused extends Error {}

const lost = (file: string, address: string, failure: unknown): Error =>
  new Error(`${file} could not be loaded from ${address}: ${textOf(failure)}`, { cause: failure });

/** A file piece by piece, each with the length of the whole, or 0 where nobody knows that. */
type Source = AsyncGenerator<{ piece: Bytes; total: number }, void>;

async function* fromServer(response: Response): Source {
  const total = Number(response.headers.get('content-length')) || 0;
  if (response.body) for await (const piece of piecesOf(response.body)) yield { piece, total };
}

/** The pieces of a file, with news of each; they end when the signal says so. */
async function* watched(source: Source, { address, file, onProgress, signal }: Place): Pieces {
  let loaded = 0;
  try {
    for (;;) {
      if (signal?.aborted) throw lost(file, address, signal.reason);
      const next = await source.next().catch((failure: unknown) => {
        throw lost(file, address, failure);
      });
      if (next.done) return;
      const { piece, total } = next.value;
      loaded += piece.length;
      // What the listener throws arrives as it is at whoever asked for the file.
      onProgress?.({ loaded, total: Math.max(total, loaded), file });
      yield piece;
    }
  } finally {
    source.return().catch(() => {});
  }
}
