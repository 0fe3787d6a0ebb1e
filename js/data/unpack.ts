/** Gzip that is unpacked while it comes. */
import { textOf } from '../engine/errors.js';

export type Bytes = Uint8Array<ArrayBuffer>;
/** A file piece by piece, as it comes. */
export type Pieces = AsyncGenerator<Bytes, void>;

export async function* atOnce(bytes: Bytes): Pieces {
  yield bytes;
}

export async function* piecesOf(stream: ReadableStream<Bytes>): Pieces {
  const reader = stream.getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
  } finally {
    // Whoever wants no more of it does not go on loading it.
    reader.cancel().catch(() => {});
  }
}

/** Unpacks a file; what is not packed (a server may have unpacked it) stays as it is. */
export async function unpacked(pieces: Pieces, file: string): Promise<Bytes> {
  const first = (await pieces.next()).value ?? new Uint8Array();
  if (first[0] !== 0x1f || first[1] !== 0x8b) return joined([first], pieces);
  const { readable, writable } = new DecompressionStream('gzip');
  const writer = writable.getWriter();
  let lost: unknown;
  const feed = async (): Promise<void> => {
    try {
      await writer.write(first);
      for await (const piece of pieces) await writer.write(piece);
      await writer.close();
    } catch (failure) {
      lost = failure;
      await writer.abort(failure);
    }
  };
  // What is wrong with the file shows where it is read.
  void feed().catch(() => {});
  try {
    return await joined([], piecesOf(readable));
  } catch (failure) {
    if (lost instanceof Error && lost.message.startsWith(file)) throw lost;
    throw new Error(`${file} is damaged: it cannot be unpacked (${textOf(failure)})`);
  }
}

async function joined(chunks: Bytes[], more: Pieces): Promise<Bytes> {
  for await (const chunk of more) chunks.push(chunk);
  const all = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}
