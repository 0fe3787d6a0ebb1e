/**
 * Files that later visits find unpacked, in the browser's Cache Storage: to read a file there takes a quarter of the
 * time of unpacking it. With each file goes the entity tag that its server gave it (RFC 9110, 8.8.3), which tells
 * versions apart.
 */
import type { Bytes } from './bytes.js';

const CACHE = 'mapling';
/** Bytes to hand over at once, and milliseconds of rest after each: nobody waits longer for an answer meanwhile. */
const [PIECE, REST] = [256 * 1024, 4];

/** A file as it was on an earlier visit. */
export interface Kept {
  etag: string;
  /** Undefined when it cannot be read any more. */
  bytes: Promise<Bytes | undefined>;
}

/** Whether a file is kept; with `etag`, in this version. Its bytes are not looked at. */
export async function isThere(address: string, etag?: string): Promise<boolean> {
  try {
    const found = (await (await caches.open(CACHE)).match(address))?.headers.get('etag');
    return etag === undefined ? Boolean(found) : found === etag;
  } catch {
    return false;
  }
}

export async function find(address: string): Promise<Kept | undefined> {
  try {
    const found = await (await caches.open(CACHE)).match(address);
    const etag = found?.headers.get('etag');
    if (!found || !etag) return undefined;
    return { etag, bytes: whole(found).catch(() => undefined) };
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

/**
 * Keeps what a response from `address` was unpacked to.
 * @example
 * const kept = tidy(() => {
 *   keep(tensor([1, 2]));
 *   return keep(tensor([3, 4]));
 * });
 * kept; // → [3, 4]
 */
export async function keep(address: string, answer: Response, bytes: Bytes): Promise<void> {
  const etag = answer.headers.get('etag');
  // Another origin's would have to be asked first whether it may be asked for a version.
  if (!etag || answer.type === 'cors') return;
  try {
    const headers = { etag, 'content-length': String(bytes.length) };
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
