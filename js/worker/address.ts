/** Addresses in full: inside a worker they would be relative to the worker's own script. */
import { describe, fault } from '../engine/errors.js';

/** The address as a page means it; in Node, where there is no page, it must be whole. */
export function fullAddress(where: string, address: unknown): string {
  try {
    return new URL(address as string | URL, typeof location === 'undefined' ? undefined : location.href).href;
  } catch {
    throw fault('value', `${where}: expected an address, got ${describe(address)}`);
  }
}
