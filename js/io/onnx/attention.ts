/** Attention layers. */
import { sizeOf } from '../../tensor/shape.js';
import type { Call, Flow } from './layer.js';
import type { Value } from './value.js';

const isTold = ({ options }: Call, key: string): boolean => options[key] === true;

/** What any of the masks hides is hidden, and if the call asks for it all keys later than their query. */
function hidden(call: Call, key: Value, masks: readonly (Value | undefined)[]): Value | undefined {
  const given = masks.filter((mask) => mask !== undefined);
  if (isTold(call, 'use_causal_mask')) given.push(key.range(1).is('LessOrEqual', call.x.range(1).expand(1)));
  return given.length > 0 ? given.reduce((all, mask) => all.each('And', [mask])) : undefined;
}

/** The result, with the weights of values where the call asks for them; its mask is the query's. */
const results = (call: Call, value: Value, weights: Value): Flow[] => {
  const y = { value, mask: call.mask };
  return isTold(call, 'return_attention_scores') ? [y, { value: weights }] : [y];
};

/** `tanh(scale · (query + key)) · weight`, summed, of each pair: `[batch, queries, keys]`. */
const sums = (query: Value, key: Value, scale: Value | undefined, weight?: Value): Value =>
  query.expand(2).add(key.expand(1)).mul(scale).each('Tanh').mul(weight).reduce('ReduceSum', [3]);

function dotScores(call: Call, query: Value, key: Value): Value {
  const scale = call.weight('scale', call.config.use_scale);
  if (call.config.score_mode === 'concat')
    return sums(query, key, scale).mul(call.needed('concat_score_weight'));
  return query.matmul(key.turn([0, 2, 1])).mul(scale);
}

const additiveScores = (call: Call, query: Value, key: Value): Value =>
  sums(query, key, undefined, call.weight('scale', call.config.use_scale));

const single =
  (scoresOf: (call: Call, query: Value, key: Value) => Value) =>
  (call: Call): Flow[] => {
    const [query, value, key = value] = call.inputs as [Flow, Flow, Flow?];
    let scores = scoresOf(call, query.value, key!.value);
    const mask = hidden(call, key!.value, [value.mask?.expand(1)]);
    // Keras draws scores that are hidden far down.
    if (mask) scores = scores.add(mask.cast('float').sub(1).mul(1e9));
    const weights = call.activated(scores, 'softmax');
    const y = weights.matmul(value.value);
    return results(call, query.mask ? query.mask.expand(2).select(y, 0) : y, weights);
  };

/** `x` times a kernel whose first axes are those of a step of `x`, plus a bias: all other axes as one. */
function projected(call: Call, name: string, x: Value, own = 1): Value {
  const kernel = call.needed(`${name}/kernel`);
  const size = sizeOf(kernel.dims.slice(own));
  const bias = call.bias(`${name}/bias`);
  return x
    .matmul(kernel.laid(kernel.axes(), [sizeOf(kernel.dims.slice(0, own)), size]))
    .add(bias?.laid(bias.axes(), [size]));
}

function multiHead(call: Call): Flow[] {
  const { config, inputs, options } = call;
  const [query, value, key = value] = inputs as [Flow, Flow, Flow?];
  const heads: number = config.num_heads;
  /** `[batch, heads, time, depth]` */
  const headed = (name: string, x: Value): Value => {
    const y = projected(call, name, x);
    return y.reshape([[x, 0], [x, 1], heads, y.dims[2]! / heads]).turn([0, 2, 1, 3]);
  };
  const [q, k, v] = [headed('query', query.value), headed('key', key!.value), headed('value', value.value)];
  let scores = q.matmul(k.turn([0, 1, 3, 2])).mul(1 / Math.sqrt(config.key_dim));
  // A mask of pairs may have no axis of heads, and none of samples.
  const pairs = (options.attention_mask as Flow | undefined)?.value.isNot(0);
  const mask = hidden(call, key!.value, [
    value.mask?.expand(1, 2),
    key!.mask?.expand(1, 2),
    query.mask?.expand(1, 3),
    pairs?.rank === 3 ? pairs.expand(1) : pairs,
  ]);
  if (mask) scores = mask.select(scores, -1e30);
  let weights = call.activated(scores, 'softmax');
  // Keras has two ways to compute this, which differ where a query sees nothing.
  const meanIfBlind = config.dropout === 0 && !isTold(call, 'return_attention_scores');
  if (mask && !meanIfBlind) weights = mask.select(weights, 0);
  const steps = query.value.lengths().slice(0, 2);
  const rows = weights
    .matmul(v)
    .turn([0, 2, 1, 3])
    .reshape([...steps, heads * v.dims[3]!]);
  const y = projected(call, 'attention_output', rows, 2);
  const step = [config.output_shape ?? []].flat() as number[];
  return results(call, step.length > 1 ? y.reshape([...steps, ...step]) : y, weights);
}

export const ATTENTION = {
  Attention: single(dotScores),
  AdditiveAttention: single(additiveScores),
  MultiHeadAttention: multiHead,
};
