/** Layers that the core computes: those of the library, layers inside others, models. */
import type { Tensor } from '../tensor/handle.js';
import { nextSeed } from '../tensor/seed.js';
import { type CallArgs, listOfDims, single, type Value } from './args.js';
import { Layer } from './layer.js';
import { maskOf } from './masks.js';
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

  /** As {@link apply} on tensors. */
  override call(inputs: Tensor | Tensor[], args: CallArgs = {}): Tensor | Tensor[] {
    return this.apply(inputs, args) as Tensor | Tensor[];
  }

  /** The shape of the result for inputs of this shape, the batch axis first. */
  override computeOutputShape(inputShape: Dims | Dims[]): Dims | Dims[] {
    const given = listOfDims(`${this.getClassName()}: computeOutputShape`, inputShape);
    const dims = JSON.stringify(given);
    const told = this._ask('computeOutputShape', (core) => core.outputDims(dims));
    return single(JSON.parse(told) as Dims[]);
  }

  /** The mask of the result for inputs with these masks, or with those that they carry. */
  override computeMask(
    inputs: Tensor | Tensor[],
    mask: Tensor | null | (Tensor | null)[] = null,
  ): Tensor | null | (Tensor | null)[] {
    const results = [this.apply(inputs as Value | Value[], mask === null ? {} : { mask })].flat();
    return single(results.map((result) => maskOf(result as Tensor) ?? null));
  }
}
