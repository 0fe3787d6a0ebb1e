/** Where the bytes of a text come from, piece by piece: files, addresses, arrays. */

import { brief, describe, fault, onlyKeys, textOf, whole } from '../engine/errors.js';
import { isNode } from '../engine/local.js';
import { can, isA, isObject } from '../engine/look.js';
import { fileAddress, fromDisk } from './disk.js';
import { elementsOf, LazyIterator } from './lazy-iterator.js';

/** What has bytes: a file of the browser's, or an array of bytes. */
export type FileElement = Blob | Uint8Array;

export interface ChunkOptions {
  /** How many bytes a piece has. Default: 1 MiB. */
  chunkSize?: number;
}

const isBlob = (given: unknown): given is Blob => isObject(given) && can(given, 'stream');

/** Bytes, piece by piece, from the beginning each time. */
export abstract class DataSource {
  abstract iterator(): Promise<LazyIterator<Uint8Array>>;
}

/** A file: a `File` or `Blob` of the browser's, an array of bytes, or, in Node, the path of a file. */
export class FileDataSource extends DataSource {
  readonly input: FileElement | string;
  readonly #chunkSize: number;

  constructor(input: FileElement | string, options: ChunkOptions = {}) {
    super();
    onlyKeys('FileDataSource', options, ['chunkSize']);
    this.#chunkSize = whole('FileDataSource: chunkSize', options.chunkSize ?? 2 ** 20, 1);
    const isBytes = isObject(input) && Object.prototype.toString.call(input) === '[object Uint8Array]';
    if (typeof input !== 'string' && !isBytes && !isBlob(input))
      throw fault('type', `FileDataSource: expected a File, a Blob, bytes or a path, got ${describe(input)}`);
    if (typeof input === 'string' && !isNode())
      throw fault('value', 'FileDataSource: paths of files are read in Node only; give a File or a Blob');
    this.input = input;
  }
  override async iterator(): Promise<LazyIterator<Uint8Array>> {
    const { input } = this;
    return new LazyIterator(
      typeof input === 'string' ? fromPath(input) : isBlob(input) ? fromBlob(input) : this.#cut(input),
    );
  }
  async *#cut(bytes: Uint8Array) {
    for (let at = 0; at < bytes.length; at += this.#chunkSize) yield bytes.subarray(at, at + this.#chunkSize);
  }
}

/** What is found under an address; in Node the path of a file, too. */
export class URLDataSource extends DataSource {
  readonly url: string | URL | Request;

  constructor(url: string | URL | Request, options: ChunkOptions = {}) {
    super();
    onlyKeys('URLDataSource', options, ['chunkSize']);
    const isRequest = isObject(url) && typeof (url as Partial<Request>).url === 'string';
    if (typeof url !== 'string' && !isA(url, URL) && !isRequest)
      throw fault('type', `URLDataSource: expected an address, got ${describe(url)}`);
    this.url = url;
  }
  override async iterator(): Promise<LazyIterator<Uint8Array>> {
    const { url } = this;
    const address = typeof url === 'string' || isA(url, URL) ? String(url) : undefined;
    const isFile = address !== undefined && isNode() && !/^(?!file:)[a-z][a-z\d+.-]+:/i.test(address);
    return new LazyIterator(isFile ? fromPath(address) : fromAddress(url));
  }
}

async function* fromPath(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    for await (const { piece } of fromDisk(await fileAddress(path))) yield piece;
  } catch (failure) {
    throw fault('value', `${brief(path, 200)} could not be read: ${brief(textOf(failure), 200)}`);
  }
}

const fromBlob = (blob: Blob): AsyncGenerator<Uint8Array, void, undefined> => pieces(blob.stream());

async function* fromAddress(url: string | URL | Request): AsyncGenerator<Uint8Array, void, undefined> {
  const isRequest = typeof url !== 'string' && !isA(url, URL);
  const address = isRequest ? url.url : String(url);
  // A request whose body was read cannot be sent again.
  const response = await fetch(isRequest ? url.clone() : url).catch((failure: unknown) => {
    throw fault('value', `${brief(address, 200)} could not be loaded: ${brief(textOf(failure), 200)}`);
  });
  if (!response.ok)
    throw fault('value', `${brief(address, 200)} could not be loaded: HTTP ${response.status}`);
  if (response.body) yield* pieces(response.body);
}

/** The pieces of a stream, which not every engine lets one iterate over. */
async function* pieces(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/** A text, piece by piece, in UTF-8, with its lines ended by `\n` alone; a mark of the byte order is left out. */
export async function* textIn(source: DataSource | string): AsyncGenerator<string, void, undefined> {
  let held = '';
  const oneEnd = (text: string, isLast: boolean): string => {
    let all = held + text;
    // The other half of a line's end may come with the next piece.
    held = !isLast && all.endsWith('\r') ? '\r' : '';
    if (held) all = all.slice(0, -1);
    return all.replace(/\r\n?/g, '\n');
  };
  if (typeof source === 'string') {
    yield oneEnd(source.replace(/^\ufeff/, ''), true);
    return;
  }
  const decoder = new TextDecoder();
  const bytes = elementsOf<Uint8Array>('iterator', await source.iterator(), (piece) => piece);
  for await (const piece of bytes) yield oneEnd(decoder.decode(piece, { stream: true }), false);
  yield oneEnd(decoder.decode(), true);
}
