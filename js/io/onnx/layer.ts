/** What turns a layer into ops is given, and what all of that has in common. */
import { fault } from '../../engine/errors.js';
import { type Graph, span, type Value } from './graph.js';

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

/** A call of a layer. */
export interface Call {
  readonly g: Graph;
  readonly className: string;
  readonly config: Config;
  /** Where its weights stand: Keras' path with a slash behind it. */
  readonly path: string;
  readonly inputs: readonly Flow[];
  /** What the call is told besides its inputs, tensors too. */
  readonly options: Readonly<Record<string, unknown>>;
  /** A weight by the end of its path, or undefined if the layer has none of that name or `isThere` is false. */
  weight(name: string, isThere?: boolean): Value | undefined;
  /** What a layer inside this one makes of `inputs`. */
  inside(layer: WrittenLayer, inputs: readonly Flow[]): Flow[];
}

/** The ops of a layer. What is a list has masks of its own, and anything else those that {@link PASSING} tells. */
export type Convert = (call: Call) => Value | Flow[];

/** An error about a layer that ONNX has no ops for. */
export function without(call: Call, what: string): Error {
  const name = call.path.slice(0, -1);
  return fault('value', `${call.g.where}: layer ${name} (${call.className}): ${what} has no form in ONNX`);
}

export const x = (call: Call): Value => call.inputs[0]!.value;

/** A weight that must be there. */
export function needed(call: Call, name: string): Value {
  const weight = call.weight(name);
  if (weight) return weight;
  throw fault('state', `${call.g.where}: there is no weight ${call.path}${name}`);
}

/** The bias, where the layer has one. */
export const biasOf = (call: Call): Value | undefined => call.weight('bias', call.config.use_bias);

/** A setting of one number for each of `count` axes. */
export const sizes = (given: number | readonly number[], count: number): number[] =>
  typeof given === 'number' ? Array<number>(count).fill(given) : [...given];

/** An axis that may be counted from the end. */
export const fromFront = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

/** The axes that a setting names, in order. */
export const axesOf = (call: Call): number[] => {
  const axes = [call.config.axis].flat() as number[];
  return axes.map((axis) => fromFront(axis, x(call).dims.length)).sort((a, b) => a - b);
};

/** A mask with further axes of length 1, so that it fits `value`. */
export function widened(g: Graph, mask: Value, value: Value): Value {
  const [own, all] = [mask.dims.length, value.dims.length];
  if (own >= all) return mask;
  return g.expand(mask, span(all - own, own));
}

/** Results without masks. */
export const flows = (values: readonly Value[], mask?: Value): Flow[] =>
  values.map((value) => ({ value, mask }));
