/** Where the weights of layers are: in the core, or moved out to JavaScript. */
import type { Handle } from '../engine/handle.js';
import { Home, type Movable } from '../engine/home.js';
import { call, onStart } from '../engine/instance.js';
import type { CoreLayer } from '../wasm/mapling.js';

/** A layer without weights so far. */
interface Unbuilt {
  readonly _home: Home | undefined;
}

/** Layers without weights that were used: what was done with them may have made their weights. */
const mayBeBuilt = new Set<Unbuilt>();
onStart(() => mayBeBuilt.clear());

/** So many are remembered: a program may make layers without end, and never a model. */
const MOST = 256;

/** Remembers a layer whose weights do not exist yet. */
export const waitForWeights = (layer: Unbuilt): void => {
  mayBeBuilt.add(layer);
  if (mayBeBuilt.size > MOST) countWeights();
};
export const waitNoMore = (layer: Unbuilt): void => {
  mayBeBuilt.delete(layer);
};

/** Counts the weights that have been made in the meantime, also those of layers that nobody refers to any more. */
export function countWeights(): void {
  if (mayBeBuilt.size === 0) return;
  const layers = [...mayBeBuilt];
  mayBeBuilt.clear();
  for (const layer of layers) layer._home?.enter();
}

/**
 * The home of the weights of a layer that is built: only its own where the layers inside it are JavaScript's, which have
 * homes of their own.
 */
export const homeOf = (handle: Handle<CoreLayer>, onlyOwn: boolean): Home =>
  new Home(weightsOf(handle, onlyOwn));

/** The weights of a layer, moved out with their shapes. */
function weightsOf(handle: Handle<CoreLayer>, onlyOwn: boolean): Movable<[Float32Array, Uint32Array][]> {
  const core = (): CoreLayer => handle.get('weights');
  return {
    bytes: () => call(() => core().weightBytes(onlyOwn)),
    moveOut: () => call(() => core().takeWeights(onlyOwn)),
    moveIn: (kept) => {
      const [values, shapes] = [kept.map(([one]) => one), kept.map(([, shape]) => shape)];
      call(() => core().giveWeights(onlyOwn, values, shapes));
    },
  };
}
