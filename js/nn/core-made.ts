/** Layers that the core computes: those of the library, layers inside others, models. */
import { nextSeed } from '../tensor/seed.js';
import { listOfDims } from './args.js';
import { Layer } from './layer.js';
import type { Dims } from './symbolic.js';

/** The shapes of samples as JSON, without their batch axes. */
const samplesJson = (shapes: readonly Dims[]): string => JSON.stringify(shapes.map((dims) => dims.slice(1)));

/** A layer whose mapping, shapes and weights are the core's. */
export class CoreMade extends Layer {
  /** Makes the weights for inputs of this shape, the batch axis first, unless they exist. */
  override build(inputShape?: Dims | Dims[]): void {
    const dims = samplesJson(listOfDims(`${this.getClassName()}: build`, inputShape));
    const core = this._core('build');
    this._makeBuilt(() => core.build(dims, nextSeed()));
  }
  protected override get _isOwn(): boolean {
    return false;
  }
}
