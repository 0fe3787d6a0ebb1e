/** Memory that is asked for before it is needed: to run out of it would end the WebAssembly instance. */
import { fault } from '../engine/errors.js';
import { call } from '../engine/instance.js';

/** So many bytes always fit, and the question itself takes time. */
const SMALL = 2 ** 24;

/**
 * What `make` makes of so many bytes, if the core can hold them too, where they will go.
 * @throws With the number of bytes, where they do not fit. `what` begins the text.
 */
export function checkRoom<T>(what: string, bytes: number, make: (bytes: number) => T): T {
  if (bytes < SMALL || call((wasm) => wasm.canReserve(bytes))) {
    try {
      return make(bytes);
    } catch (failure) {
      // JavaScript's own memory is full, or no array may be that long.
      if (!(failure instanceof RangeError)) throw failure;
    }
  }
  throw fault('format', `${what} take ${bytes} bytes, which do not fit into memory`);
}
