/**
 * What layers answer as mappings that somebody asks by themselves: `call`, and the shape and the mask of results. The
 * page's worker loads it with layers of the user's, whose classes may say otherwise.
 */
import { describe, fault } from '../engine/errors.js';
import type { Tensor } from '../tensor/handle.js';
import { type CallArgs, listOfDims, single, type Value } from './args.js';
import { CoreMade } from './core-made.js';
import { Layer } from './layer.js';
import { maskOf } from './masks.js';
import type { Dims } from './symbolic.js';

type Masks = Tensor | null | (Tensor | null)[];

interface Answers {
  /** The mapping. A single input can be used as a tensor and as a list of one. */
  call(inputs: Tensor | Tensor[], args: CallArgs): Tensor | Tensor[];
  /**
   * The shape of the result for inputs of this shape, the batch axis first. That of a layer of one's own is found by a
   * run on zeros, unless its class says it.
   */
  computeOutputShape(inputShape: Dims | Dims[]): Dims | Dims[];
  /**
   * The mask of the result for inputs with these masks, or with those that they carry. A layer of one's own that
   * `supportsMasking` hands on that of the input, unless its class says otherwise.
   */
  computeMask(inputs: Tensor | Tensor[], mask?: Masks): Masks;
}
declare module './layer.js' {
  interface Layer extends Answers {
    /** TensorFlow.js' programs call it in `call`. There are no hooks here, so that nothing happens. */
    invokeCallHook(inputs?: unknown, args?: unknown): void;
  }
}
declare module './core-made.js' {
  interface CoreMade {
    /** As {@link apply} on tensors. */
    call(inputs: Tensor | Tensor[], args?: CallArgs): Tensor | Tensor[];
  }
}

const ofOwn: Answers & ThisType<Layer> & Pick<Layer, 'invokeCallHook'> = {
  call(inputs) {
    throw fault(
      'state',
      `${this.getClassName()}: call: a layer of your own needs a method \`call(inputs)\`, got ${describe(inputs)}`,
    );
  },
  computeOutputShape(inputShape) {
    return this._code?.infer(inputShape) ?? inputShape;
  },
  computeMask(_inputs, mask = null) {
    return this.supportsMasking ? mask : null;
  },
  invokeCallHook() {},
};

const ofTheCore: Answers & ThisType<CoreMade> = {
  call(inputs, args = {}) {
    return this.apply(inputs, args) as Tensor | Tensor[];
  },
  computeOutputShape(inputShape) {
    const given = listOfDims(`${this.getClassName()}: computeOutputShape`, inputShape);
    const dims = JSON.stringify(given);
    const told = this._ask('computeOutputShape', (core) => core.outputDims(dims));
    return single(JSON.parse(told) as Dims[]);
  },
  computeMask(inputs, mask = null) {
    const results = [this.apply(inputs as Value | Value[], mask === null ? {} : { mask })].flat();
    return single(results.map((result) => maskOf(result as Tensor) ?? null));
  },
};

for (const [{ prototype }, answers] of [
  [Layer, ofOwn],
  [CoreMade, ofTheCore],
] as const)
  for (const [name, value] of Object.entries(answers))
    Object.defineProperty(prototype, name, { value, writable: true, configurable: true });
