/** What layers of a model give on the way to its outputs. */
import { lookalike } from '../engine/alike.js';
import { describe, fault } from '../engine/errors.js';
import { isA, isArray, isObject } from '../engine/look.js';
import { asTensor, Tensor } from '../tensor/handle.js';
import { ModelGraph } from './graph.js';
import { SymbolicTensor } from './symbolic.js';

/** What a model is executed on: a tensor for each input, in a list or by the inputs' names. */
export type Executed = Tensor | readonly Tensor[] | Readonly<Record<string, Tensor>>;
/** What is asked for: names of layers or of symbols, or symbols. */
export type Asked = string | SymbolicTensor | readonly (string | SymbolicTensor)[];

/** The symbols on the way from a model's inputs to its outputs. */
function symbolsOf(model: ModelGraph): SymbolicTensor[] {
  const found = new Set<SymbolicTensor>();
  const pending = [...model.outputs];
  for (let symbol = pending.pop(); symbol; symbol = pending.pop()) {
    if (found.has(symbol)) continue;
    found.add(symbol);
    pending.push(...symbol.inputs);
  }
  return [...found];
}

/** The symbol that is asked for. */
function find(all: readonly SymbolicTensor[], asked: unknown): SymbolicTensor {
  const where = 'execute: outputs';
  if (isA(asked, SymbolicTensor)) return asked;
  if (typeof asked !== 'string')
    throw fault('type', `${where}: expected names of layers, or symbols, got ${describe(asked)}`);
  // TensorFlow.js names symbols `layer/layer`.
  const [name, rest] = asked.split('/');
  const those = all.filter((one) => one.name === asked || (rest === name && one.name === name));
  if (those.length === 1) return those[0]!;
  if (those.length > 1)
    throw fault('name', `${where}: ${describe(asked)} gives ${those.length} tensors: ask by its symbols`);
  const near = lookalike(asked, [...new Set(all.map((one) => one.name))]);
  const hint = near ? `; did you mean ${describe(near)}?` : '';
  throw fault('name', `${where}: there is no layer ${describe(asked)} in the model${hint}`);
}

/** A tensor for each input, in their order. */
function inputsOf(model: ModelGraph, given: unknown): Tensor[] {
  const where = 'execute: inputs';
  const { inputNames: names } = model;
  const isNamed = isObject(given) && !isArray(given) && !isA(given, Tensor);
  const list = isNamed ? names.map((name) => (given as Record<string, unknown>)[name]) : [given].flat();
  if (list.length !== names.length)
    throw fault('value', `${where}: expected ${names.length} tensors, got ${list.length}`);
  return list.map((one, at) => asTensor(`${where}: ${names[at]}`, one));
}

/** See `execute` of models. */
export function execute(model: ModelGraph, inputs: unknown, outputs: unknown): Tensor | Tensor[] {
  model.ready_('execute');
  const asked: unknown[] = isArray(outputs) ? [...outputs] : [outputs];
  if (asked.length === 0) throw fault('value', 'execute: outputs: expected at least one name, got []');
  const all = symbolsOf(model);
  const wanted = asked.map((one) => find(all, one));
  const given = inputsOf(model, inputs);
  const { seed, layers } = model;
  const part = new ModelGraph({ inputs: model.inputs, outputs: wanted, name: `${model.name}_part`, seed });
  // The layers stay those of the model.
  for (const layer of layers) layer._join(model);
  try {
    const answers = [part.apply(given.length === 1 ? given[0]! : given)].flat() as Tensor[];
    return isArray(outputs) ? answers : answers[0]!;
  } finally {
    part.network.free();
  }
}
