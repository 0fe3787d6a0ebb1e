/** What turns a layer into ops is given, and what all of that has in common. */
import { fault } from '../../engine/errors.js';
import { activated } from './formulas.js';
import type { Graph } from './graph.js';
import type { Moves } from './moves.js';
import type { Value } from './value.js';

/** Settings with Keras' keys, as the core writes them: every key is there. */
// biome-ignore lint/suspicious/noExplicitAny: each layer knows the kinds of its own settings.
export type Config = Readonly<Record<string, any>>;

/** A layer as Keras writes it. */
export interface WrittenLayer {
  class_name: string;
  config: Config;
  name?: string;
  inbound_nodes?: unknown[];
}

/** A tensor on its way, and which of its steps count: `[batch, time]`, none where all do. */
export interface Flow {
  value: Value;
  mask?: Value | undefined;
}

/** What knows the weights of all layers, and turns layers inside others into ops. */
export interface Around {
  weight(path: string): Value | undefined;
  layer(layer: WrittenLayer, inputs: readonly Flow[], before: string): Flow[];
}

/** A call of a layer. */
export class Call {
  readonly className: string;
  readonly config: Config;
  /** The first input, or the only one, and its mask. */
  readonly x: Value;
  readonly mask: Value | undefined;
  readonly #around: Around;
  readonly #path: string;

  constructor(
    readonly g: Graph,
    around: Around,
    { class_name: className, config }: WrittenLayer,
    /** Where its weights stand: Keras' path with a slash behind it. */
    path: string,
    readonly inputs: readonly Flow[],
    /** What the call is told besides its inputs, tensors too. */
    readonly options: Readonly<Record<string, unknown>>,
  ) {
    [this.#around, this.#path] = [around, path];
    [this.className, this.config] = [className, config];
    ({ value: this.x, mask: this.mask } = inputs[0]!);
  }

  /** A weight by the end of its path, or undefined if the layer has none of that name or `isThere` is false. */
  weight(name: string, isThere = true): Value | undefined {
    return isThere ? this.#around.weight(this.#path + name) : undefined;
  }
  /** A weight that must be there. */
  needed(name: string): Value {
    const weight = this.weight(name);
    if (weight) return weight;
    throw fault('state', `${this.g.where}: no weight ${this.#path}${name}`);
  }
  /** The bias, where the layer has one. */
  bias(name = 'bias'): Value | undefined {
    return this.weight(name, this.config.use_bias);
  }
  /** What a layer inside this one makes of `inputs`. */
  inside(layer: WrittenLayer, inputs: readonly Flow[]): Flow[] {
    return this.#around.layer(layer, inputs, this.#path);
  }
  /** The axes that the setting `axis` names, in order. */
  axes(): number[] {
    const axes = [this.config.axis].flat() as number[];
    return axes.map((axis) => fromFront(axis, this.x)).sort((a, b) => a - b);
  }
  /** What an activation makes of `x`: that of the layer if no other is named. */
  activated(x: Value, name: string = this.config.activation): Value {
    return activated(name, x);
  }
  /** How windows move along `count` axes by the layer's settings, or those of a part of it. */
  moves(count = this.x.rank - 2, config = this.config): Moves {
    const { kernel_size, pool_size, strides, dilation_rate = 1, padding } = config;
    const window = sizes(kernel_size ?? pool_size, count);
    return {
      window,
      strides: sizes(strides ?? window, count),
      dilation: sizes(dilation_rate, count),
      padding,
    };
  }
}

/** The ops of a layer. What is a list has masks of its own, and anything else those of classes that pass masks. */
export type Convert = (call: Call) => Value | Flow[];

/** A setting of one number for each of `count` axes. */
export const sizes = (given: number | readonly number[], count: number): number[] =>
  typeof given === 'number' ? Array<number>(count).fill(given) : [...given];

/** An axis of `x` that may be counted from the end. */
export const fromFront = (axis: number, x: Value): number => (axis < 0 ? axis + x.rank : axis);
