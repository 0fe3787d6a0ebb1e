/**
 * Members of layers and models that programs for TensorFlow.js read: what weights add to the loss, and what settings say.
 * The page's worker goes without.
 */
import { describe, fault } from '../engine/errors.js';
import { call } from '../engine/instance.js';
import { isA, isArray, isFunction, isObject, listOf } from '../engine/look.js';
import { asTensor, Tensor } from '../tensor/handle.js';
import { freeAll, lendAll } from '../tensor/slots.js';
import { Layer } from './layer.js';
import { LayersModel } from './model.js';
import { isPart, type Regularizer, regularizers } from './parts.js';
import type { LayerVariable } from './weights.js';

/** The library's regularizers by their classes. */
const MAKERS = {
  L1: regularizers.l1,
  L2: regularizers.l2,
  L1L2: regularizers.l1l2,
  OrthogonalRegularizer: regularizers.orthogonal,
};

interface LayerMembers {
  /** What its outputs add to the loss, if they do. */
  readonly activityRegularizer: Regularizer | null;
  /** Whether it goes on with the state of the batch before; a model: whether one of its layers does. */
  stateful: boolean;
  /**
   * Lets a stateful layer begin with zeros again, or go on from these states, `[batch, …]` each; layers inside it that
   * are stateful begin with zeros too.
   */
  resetStates(states?: Tensor | Tensor[] | null): void;
  /** For each weight that training changes and that adds to the loss, a function that says how much. */
  readonly losses: (() => Tensor)[];
  /** How much each of these weights adds to the loss, as single values through which gradients flow. */
  calculateLosses(): Tensor[];
  /**
   * A weight for `build` to make.
   * @example
   * class Scale extends layers.Layer {
   *   static className = 'ScaleOfExample';
   *   build() {
   *     this.scale = this.addWeight('scale', [1], 'float32', initializers.constant({ value: 3 }));
   *   }
   *   call(x) {
   *     return x.mul(this.scale.read());
   *   }
   * }
   * new Scale().apply(tensor([[1, 2]])); // → [[3, 6]]
   */
  addWeight(
    name: string,
    shape: number[],
    dtype?: string | null,
    initializer?: unknown,
    regularizer?: unknown,
    trainable?: boolean,
    constraint?: unknown,
  ): LayerVariable;
  /** Adds to the loss, of training and of evaluation: for `call`. A tensor counts as the sum of its values. */
  addLoss(losses: Tensor | (() => Tensor) | (Tensor | (() => Tensor))[]): void;
  /** Always empty: what a layer changes without gradients it changes at the end of the step. */
  readonly updates: Tensor[];
}
interface ModelMembers {
  /** The metrics that the model was compiled with, as they were given. */
  readonly metrics: unknown;
}

declare module './layer.js' {
  interface Layer extends LayerMembers {}
}
declare module './model.js' {
  interface LayersModel extends ModelMembers {}
}

/** A regularizer as an object, from what a configuration says of it. */
function regularizerOf(written: unknown): Regularizer | null {
  if (isPart(written) || typeof written === 'function') return written as Regularizer;
  const { className, class_name, config } = (isObject(written) ? written : {}) as Record<string, unknown>;
  const make = MAKERS[(className ?? class_name) as keyof typeof MAKERS];
  return make ? make(isObject(config) ? { ...config } : {}) : null;
}

/** The weights that add to the loss; as in Keras, what training does not change adds nothing. */
const penalized = (layer: Layer): LayerVariable[] =>
  layer.trainableWeights.filter((weight) => weight.hasPenalty_());

const members: PropertyDescriptorMap & ThisType<Layer> = {
  activityRegularizer: {
    get(this: Layer) {
      const { args } = this as unknown as { args: Record<string, unknown> };
      const given = args.activityRegularizer;
      return regularizerOf(isPart(given) ? given : this.getConfig().activityRegularizer);
    },
  },
  stateful: {
    get(this: Layer) {
      if (this instanceof LayersModel) return this.layers.some(({ stateful }) => stateful);
      return this.getConfig().stateful === true;
    },
  },
  resetStates: {
    value(this: Layer, states?: Tensor | Tensor[] | null) {
      if (states === undefined || states === null) {
        this._ask('resetStates', (core) => core.resetStates());
        return;
      }
      const where = `${this.getClassName()}: resetStates`;
      const all = Array.from(listOf(states), (state) => asTensor(where, state));
      const slots = lendAll(all, where);
      try {
        this._ask('resetStates', (core) => core.setStates(Uint32Array.from(slots)));
      } finally {
        freeAll(slots);
      }
    },
    writable: true,
  },
  losses: {
    get(this: Layer) {
      return penalized(this).map((weight) => () => weight.penalty_()!);
    },
  },
  calculateLosses: {
    value(this: Layer) {
      return penalized(this).map((weight) => weight.penalty_()!);
    },
    writable: true,
  },
  addWeight: {
    value(
      this: Layer,
      name: string,
      shape: number[],
      dtype: string | null = 'float32',
      initializer: unknown = 'zeros',
      regularizer?: unknown,
      trainable = true,
      constraint?: unknown,
    ): LayerVariable {
      const own = this._code;
      if (own) return own.addWeight(name, shape, dtype, { initializer, regularizer, constraint }, trainable);
      throw fault('state', `${this.getClassName()}: addWeight: its weights follow from its settings`);
    },
    writable: true,
  },
  addLoss: {
    value(this: Layer, losses: unknown) {
      const where = `${this.getClassName()}: addLoss`;
      for (const given of listOf(losses)) {
        const loss: unknown = isFunction(given) ? (given as () => Tensor)() : given;
        if (!isA(loss, Tensor)) throw fault('type', `${where}: expected a tensor, got ${describe(loss)}`);
        const [slot] = lendAll([asTensor(where, loss)], where);
        call((wasm) => {
          wasm.addLoss(slot!);
          wasm.free(slot!);
        });
      }
    },
    writable: true,
  },
  updates: { get: () => [] },
};
for (const [name, member] of Object.entries(members)) {
  // A class of one's own may have a property of this name.
  const set = function (this: Layer, value: unknown): void {
    Object.defineProperty(this, name, { value, writable: true, enumerable: true, configurable: true });
  };
  Object.defineProperty(Layer.prototype, name, { ...member, ...(member.get && { set }), configurable: true });
}

Object.defineProperty(LayersModel.prototype, 'metrics', {
  get(this: LayersModel) {
    const metrics: unknown = this.getCompileConfig()?.metrics ?? [];
    return isArray(metrics) ? [...metrics] : metrics;
  },
  configurable: true,
});
