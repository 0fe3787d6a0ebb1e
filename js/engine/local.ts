/** Files on this machine: Node's `fetch` does not read them. */

/** Whether `address` is a file's, and this is Node. */
export const isLocal = (address: string | URL): boolean =>
  String(address).startsWith('file:') && typeof process !== 'undefined';

export async function readFile(address: string | URL): Promise<Uint8Array<ArrayBuffer>> {
  // The name is hidden from bundlers, which would look for it.
  const module = 'node:fs/promises';
  const { readFile } = (await import(
    /* @vite-ignore */ /* webpackIgnore: true */ module
  )) as typeof import('node:fs/promises');
  return new Uint8Array(await readFile(new URL(address)));
}
