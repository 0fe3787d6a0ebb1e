/** What Node has and pages have not: files of this machine, and Node's own modules. Deno and Bun have them too. */
import type { Bytes } from './bytes.js';

/** Electron's windows are pages, though they have Node's globals. */
export const isNode = (): boolean =>
  typeof process !== 'undefined' &&
  process.versions?.node !== undefined &&
  (process as { type?: string }).type !== 'renderer';

/**
 * A module of Node's own. Bundlers do not see its name, which they would look for; Jest's CommonJS cannot import, hence
 * the other way first, which Node has since 20.16.
 */
export const nodeModule = async <T>(name: string): Promise<T> =>
  (process.getBuiltinModule?.(name) as T | undefined) ??
  (import(/* @vite-ignore */ /* webpackIgnore: true */ name) as Promise<T>);

/** Whether `address` is a file's, and this is Node, whose `fetch` does not read files. */
export const isLocal = (address: string | URL): boolean => String(address).startsWith('file:') && isNode();

export async function readFile(address: string | URL): Promise<Bytes> {
  const { readFile } = await nodeModule<typeof import('node:fs/promises')>('node:fs/promises');
  return new Uint8Array(await readFile(new URL(address)));
}
