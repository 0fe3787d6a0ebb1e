/** Folders and files of this machine, in Node. */

import type { Bytes } from '../engine/bytes.js';
import { isNode, nodeModule } from '../engine/local.js';

/** Bytes to read at once. */
const PIECE = 256 * 1024;

/**
 * A folder's address with a slash at its end. In Node, what is no address (`./data`, `/data`, `C:\data`) is a path;
 * elsewhere it is relative to the page. A scheme has two letters at least: `C:` is a drive.
 */
export async function folderAddress(folder: string | URL): Promise<string> {
  const given = String(folder);
  if (!isNode() || /^[a-z][a-z\d+.-]+:/i.test(given)) return given.replace(/\/?$/, '/');
  const { resolve } = await nodeModule<typeof import('node:path')>('node:path');
  const { pathToFileURL } = await nodeModule<typeof import('node:url')>('node:url');
  return pathToFileURL(resolve(given)).href.replace(/\/?$/, '/');
}

/** The address of a file that a path of this machine, or an address, leads to. In Node. */
export async function fileAddress(file: string): Promise<string> {
  const { resolve } = await nodeModule<typeof import('node:path')>('node:path');
  const { pathToFileURL } = await nodeModule<typeof import('node:url')>('node:url');
  if (/^file:\/\/\//i.test(file)) return file;
  // TensorFlow.js' programs write `file://./data.csv`, which is no address of a file.
  return pathToFileURL(resolve(file.replace(/^file:\/\//i, ''))).href;
}

/** A file of this machine, piece by piece, each with the length of the whole. */
export async function* fromDisk(address: string): AsyncGenerator<{ piece: Bytes; total: number }, void> {
  const { open } = await nodeModule<typeof import('node:fs/promises')>('node:fs/promises');
  const file = await open(new URL(address));
  try {
    const { size } = await file.stat();
    for (;;) {
      const { bytesRead, buffer } = await file.read(new Uint8Array(PIECE), 0, PIECE, null);
      if (bytesRead === 0) return;
      yield { piece: buffer.subarray(0, bytesRead), total: size };
    }
  } finally {
    await file.close();
  }
}
