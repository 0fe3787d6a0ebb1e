/** Packed files, from a server or this machine. */

import { textOf } from '../engine/errors.js';
import { isLocal } from '../engine/local.js';
import { isA } from '../engine/look.js';
import type { Bytes } from './bytes.js';
import { find, keep } from './cached.js';
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
  return done(bytes, options.cache ? () => keep(address, answer, bytes) : undefined);
}

/** The server's answer; or else what an earlier visit kept, if that is the newest or nobody can be asked. */
async function newest({ address, file, cache, signal }: Place): Promise<Response | Bytes> {
  const before = cache ? await find(address) : undefined;
  const get = async (etag?: string): Promise<Response> => {
    const headers = etag ? { 'if-none-match': etag } : {};
    const response = await fetch(address, { headers, ...(signal && { signal }) });
    if (!response.ok && !(etag && response.status === 304)) throw new Refused(`HTTP ${response.status}`);
    return response;
  };
  try {
    const response = await get(before?.etag);
    return response.ok ? response : ((await before?.bytes) ?? (await get()));
  } catch (failure) {
    const alone = !signal?.aborted && !(failure instanceof Refused);
    const bytes = alone && (await before?.bytes);
    if (bytes) return bytes;
    throw lost(file, address, failure);
  }
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
