/** Bytes in all the forms in which programs hold them. */
import type { Bytes } from '../engine/bytes.js';
import { describe, fault } from '../engine/errors.js';
import { can, isGone } from '../engine/look.js';

/** What bytes may be handed over as. */
export type ByteSource = ArrayBufferLike | ArrayBufferView | Blob;

/**
 * Whether `value` was made by `Buffer`, or by the class of that name in another realm (a frame, a test runner), which
 * `instanceof` does not know: only such objects have the length that the class's getter reads.
 */
function isMadeBy(Buffer: typeof ArrayBuffer | typeof SharedArrayBuffer, value: unknown): boolean {
  try {
    Object.getOwnPropertyDescriptor(Buffer.prototype, 'byteLength')?.get?.call(value);
    return true;
  } catch {
    return false;
  }
}

const isOwn = (value: unknown): value is ArrayBuffer => isMadeBy(ArrayBuffer, value);

/** Pages that are not cross-origin isolated lack the class. */
const isShared = (value: unknown): value is SharedArrayBuffer =>
  typeof SharedArrayBuffer !== 'undefined' && isMadeBy(SharedArrayBuffer, value);

const isBlob = (value: unknown): value is Blob =>
  can(value, 'arrayBuffer') && typeof (value as Blob).size === 'number';

const unreadable = (where: string): Error =>
  fault(
    'format',
    `${where}: its bytes cannot be read: they were moved to another thread, or the file has changed`,
  );

/** The bytes of a buffer, of the part of one that a view shows, or of a file. `where` begins the text of an error. */
export async function bytesOf(where: string, value: unknown): Promise<Bytes> {
  try {
    if (ArrayBuffer.isView(value) && !isGone(value))
      return part(value.buffer, value.byteOffset, value.byteLength);
    if (isOwn(value) || isShared(value)) return part(value, 0, value.byteLength);
    if (isBlob(value)) return new Uint8Array(await value.arrayBuffer());
  } catch {
    throw unreadable(where);
  }
  if (ArrayBuffer.isView(value)) throw unreadable(where);
  throw fault(
    'format',
    `${where}: expected an ArrayBuffer, a typed array, a Blob or a File, got ${describe(value)}`,
  );
}

/** A part of a buffer; a copy of it where other threads may write to the buffer, since streams do not take that. */
function part(buffer: ArrayBufferLike, from: number, length: number): Bytes {
  const bytes = new Uint8Array(buffer, from, length);
  return isOwn(buffer) ? (bytes as Bytes) : new Uint8Array(bytes);
}
