/** Attention layers. */
import { type Graph, type Length, product, span, type Value } from './graph.js';
import { type Call, type Flow, needed } from './layer.js';
import { BOOL, FLOAT } from './proto.js';

const isTold = ({ options }: Call, key: string): boolean => options[key] === true;

/** What any of the masks hides is hidden. */
const both = (g: Graph, masks: readonly (Value | undefined)[]): Value | undefined => {
  const given = masks.filter((mask) => mask !== undefined);
  return given.length > 0 ? given.reduce((all, mask) => g.each('And', [all, mask])) : undefined;
};

/** No query looks at later keys: `[queries, keys]`. */
const causal = (g: Graph, query: Value, key: Value): Value => {
  const [queries, keys] = [g.expand(g.places(query, 1), [1]), g.places(key, 1)];
  return g.each('LessOrEqual', [keys, queries], undefined, BOOL);
};

/** The result, with the weights of values where the call asks for them; its mask is the query's. */
const results = (call: Call, value: Value, weights: Value): Flow[] => {
  const y = { value, mask: call.inputs[0]!.mask };
  return isTold(call, 'return_attention_scores') ? [y, { value: weights }] : [y];
};

const softmax = (g: Graph, scores: Value): Value => g.node('Softmax', [scores], scores.dims, { axis: -1 });

/** `tanh(scale · (query + key))` of each pair: `[batch, queries, keys, features]`. */
function pairs(g: Graph, query: Value, key: Value, scale: Value | undefined): Value {
  const sum = g.add(g.expand(query, [2]), g.expand(key, [1]));
  return g.each('Tanh', [g.mul(sum, scale)]);
}

function dotScores(call: Call, query: Value, key: Value): Value {
  const { g, config } = call;
  const scale = call.weight('scale', call.config.use_scale);
  if (config.score_mode === 'concat') {
    const sums = g.reduce('ReduceSum', pairs(g, query, key, scale), [3]);
    return g.mul(sums, needed(call, 'concat_score_weight'));
  }
  return g.mul(g.matmul(query, g.turn(key, [0, 2, 1])), scale);
}

function additiveScores(call: Call, query: Value, key: Value): Value {
  const { g } = call;
  const all = pairs(g, query, key, undefined);
  return g.reduce('ReduceSum', g.mul(all, call.weight('scale', call.config.use_scale)), [3]);
}

const single =
  (scoresOf: (call: Call, query: Value, key: Value) => Value) =>
  (call: Call): Flow[] => {
    const { g, inputs } = call;
    const [query, value, key = value] = inputs as [Flow, Flow, Flow?];
    let scores = scoresOf(call, query.value, key!.value);
    const mask = both(g, [
      value.mask && g.expand(value.mask, [1]),
      isTold(call, 'use_causal_mask') ? causal(g, query.value, key!.value) : undefined,
    ]);
    if (mask) {
      // Keras draws scores that are hidden far down.
      const less = g.sub(g.cast(mask, FLOAT), g.number(1));
      scores = g.add(scores, g.mul(less, g.number(1e9)));
    }
    const weights = softmax(g, scores);
    const y = g.matmul(weights, value.value);
    return results(call, query.mask ? g.select(g.expand(query.mask, [2]), y, g.number(0)) : y, weights);
  };

/** `x` times a kernel whose first axes are those of a step of `x`, plus a bias: all other axes as one. */
function projected(call: Call, name: string, x: Value, own = 1): Value {
  const { g } = call;
  const kernel = needed(call, `${name}/kernel`);
  const lengths = kernel.dims as number[];
  const size = product(lengths.slice(own));
  const flat = (weight: Value, dims: number[]): Value => g.laid(weight, span(weight.dims.length), dims);
  const bias = call.weight(`${name}/bias`, call.config.use_bias);
  const y = g.matmul(x, flat(kernel, [product(lengths.slice(0, own)), size]));
  return g.add(y, bias && flat(bias, [size]));
}

function multiHead(call: Call): Flow[] {
  const { g, config, inputs, options } = call;
  const [query, value, key = value] = inputs as [Flow, Flow, Flow?];
  const heads: number = config.num_heads;
  /** `[batch, heads, time, depth]` */
  const headed = (name: string, x: Value): Value => {
    const y = projected(call, name, x);
    const depth = (y.dims[2] as number) / heads;
    return g.turn(g.reshape(y, [[x, 0], [x, 1], heads, depth]), [0, 2, 1, 3]);
  };
  const [q, k, v] = [headed('query', query.value), headed('key', key!.value), headed('value', value.value)];
  let scores = g.mul(g.matmul(q, g.turn(k, [0, 1, 3, 2])), g.number(1 / Math.sqrt(config.key_dim)));
  // A mask of pairs may have no axis of heads, and none of samples.
  const given = (options.attention_mask as Flow | undefined)?.value;
  const pairsMask = given && g.each('Not', [g.equal(given, g.number(0))]);
  const mask = both(g, [
    ...[value.mask, key!.mask].map((one) => one && g.expand(one, [1, 2])),
    query.mask && g.expand(query.mask, [1, 3]),
    pairsMask && (given.dims.length === 3 ? g.expand(pairsMask, [1]) : pairsMask),
    isTold(call, 'use_causal_mask') ? causal(g, query.value, key!.value) : undefined,
  ]);
  if (mask) scores = g.select(mask, scores, g.number(-1e30));
  let weights = softmax(g, scores);
  // Keras has two ways to compute this, which differ where a query sees nothing.
  const meanIfBlind = config.dropout === 0 && !isTold(call, 'return_attention_scores');
  if (mask && !meanIfBlind) weights = g.select(mask, weights, g.number(0));
  const found = g.turn(g.matmul(weights, v), [0, 2, 1, 3]);
  const steps: Length[] = [
    [query.value, 0],
    [query.value, 1],
  ];
  const rows = g.reshape(found, [...steps, heads * (v.dims[3] as number)]);
  const y = projected(call, 'attention_output', rows, 2);
  const step = [config.output_shape ?? []].flat() as number[];
  return results(call, step.length > 1 ? g.reshape(y, [...steps, ...step]) : y, weights);
}

export const ATTENTION = {
  Attention: single(dotScores),
  AdditiveAttention: single(additiveScores),
  MultiHeadAttention: multiHead,
};
