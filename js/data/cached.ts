/**
 * Files that later visits find unpacked, in the browser's Cache Storage: to read a file there takes a quarter of the
 * time of unpacking it. With each file goes what tells its versions apart: the entity tag that its server gave it, or
 * else the date of its last change (RFC 9110, 8.8.2 and 8.8.3). A file whose SHA-256 sum is known beforehand has one
 * version only: where its server tells nothing of versions, it is kept all the same, and never asked for again.
 */
import type { Bytes } from '../engine/bytes.js';

const CACHE = 'mapling';
/** Bytes to hand over at once, and milliseconds of rest after each: nobody waits longer for an answer meanwhile. */
const [PIECE, REST] = [256 * 1024, 4];

/** The headers that tell versions apart, the surest first; the last is of this storage alone. */
const VERSIONS = ['etag', 'last-modified', 'sha-256'] as const;
export type Version = readonly [header: (typeof VERSIONS)[number], value: string];

/** The version that these headers tell of. */
export function versionOf(headers: Headers): Version | undefined {
  for (const header of VERSIONS) {
    const value = headers.get(header);
    if (value) return [header, value];
  }
  return undefined;
}

/** A file as it was on an earlier visit. */
export interface Kept {
  version: Version;
  /** Undefined when it cannot be read any more. */
  bytes: Promise<Bytes | undefined>;
}

/** Whether a file is kept; with `etag`, in this version. Its bytes are not looked at. */
export async function isThere(address: string, etag?: string): Promise<boolean> {
  try {
    const found = await (await caches.open(CACHE)).match(address);
    const version = found && versionOf(found.headers);
    return etag === undefined ? version !== undefined : version?.[1] === etag;
  } catch {
    return false;
  }
}

export async function find(address: string): Promise<Kept | undefined> {
  try {
    const found = await (await caches.open(CACHE)).match(address);
    const version = found && versionOf(found.headers);
    return version && { version, bytes: whole(found).catch(() => undefined) };
  } catch {
    // There is no such storage in Node, in pages without HTTPS and in some private windows.
    return undefined;
  }
}

async function whole(found: Response): Promise<Bytes | undefined> {
  const bytes = new Uint8Array(await found.arrayBuffer());
  // It may have been cut short where a visit was.
  return bytes.length === Number(found.headers.get('content-length')) ? bytes : undefined;
}

/** Whether these bytes have this sum; a page without HTTPS cannot tell. */
async function hasSum(bytes: Bytes, sum: string): Promise<boolean> {
  const found = await globalThis.crypto?.subtle?.digest('SHA-256', bytes);
  if (!found) return false;
  return Array.from(new Uint8Array(found), (byte) => byte.toString(16).padStart(2, '0')).join('') === sum;
}

/** The version of what has come. Another origin would have to be asked first whether it may be asked for versions. */
async function versionNow(answer: Response, bytes: Bytes, sum?: string): Promise<Version | undefined> {
  const told = answer.type === 'cors' ? undefined : versionOf(answer.headers);
  return told ?? (sum && (await hasSum(bytes, sum)) ? ['sha-256', sum] : undefined);
}

/**
 * Keeps what a response from `address` was unpacked to; `sum` is the SHA-256 sum that these bytes should have, in hex.
 * @example
 * const kept = tidy(() => {
 *   keep(tensor([1, 2]));
 *   return keep(tensor([3, 4]));
 * });
 * kept; // → [3, 4]
 */
export async function keep(address: string, answer: Response, bytes: Bytes, sum?: string): Promise<void> {
  try {
    const version = await versionNow(answer, bytes, sum);
    if (!version) return;
    const headers = { [version[0]]: version[1], 'content-length': String(bytes.length) };
    await (await caches.open(CACHE)).put(address, new Response(inPieces(bytes), { headers }));
  } catch {
    // No such storage, or no room in it: the next visit unpacks it again.
  }
}

function inPieces(bytes: Bytes): ReadableStream<Bytes> {
  let at = 0;
  return new ReadableStream({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, REST));
      controller.enqueue(bytes.subarray(at, at + PIECE));
      at += PIECE;
      if (at >= bytes.length) controller.close();
    },
  });
}
