/** Packed files, from a server or this machine. */

import { textOf } from '../engine/errors.js';
import { isLocal, readFile } from '../engine/local.js';
import { find, keep } from './cached.js';
import { atOnce, type Bytes, type Pieces, piecesOf, unpacked } from './unpack.js';

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

/** The file at `address`, unpacked; it is called `file` in errors. */
export async function download(
  address: string,
  file: string,
  options: DownloadOptions = {},
): Promise<Downloaded> {
  const done = (bytes: Bytes, keep = async () => {}): Downloaded => ({ file, bytes, keep });
  if (isLocal(address)) return done(await unpacked(atOnce(await readFile(address)), file));
  const answer = await newest(address, file, options);
  if (answer instanceof Uint8Array) return done(answer);
  const bytes = await unpacked(pieces(answer, address, file, options), file);
  return done(bytes, options.cache ? () => keep(address, answer, bytes) : undefined);
}

/** The server's answer; or else what an earlier visit kept, if that is the newest or nobody can be asked. */
async function newest(
  address: string,
  file: string,
  { cache, signal }: DownloadOptions,
): Promise<Response | Bytes> {
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
  new Error(`${file} could not be loaded from ${address}: ${textOf(failure)}`);

async function* pieces(
  response: Response,
  address: string,
  file: string,
  { onProgress }: DownloadOptions,
): Pieces {
  try {
    const total = Number(response.headers.get('content-length')) || 0;
    let loaded = 0;
    for await (const piece of piecesOf(response.body!)) {
      loaded += piece.length;
      onProgress?.({ loaded, total: Math.max(total, loaded), file });
      yield piece;
    }
  } catch (failure) {
    throw lost(file, address, failure);
  }
}
