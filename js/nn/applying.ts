/** Layers applied to tensors and symbols. The page's worker goes without: there models train and predict as wholes. */
import { describe, fault, onlyKeys } from '../engine/errors.js';
import { call } from '../engine/instance.js';
import { isArray, isObject } from '../engine/look.js';
import { asTensor, fromSlot, type Tensor } from '../tensor/handle.js';
import { recording } from '../tensor/scope.js';
import { nextSeed } from '../tensor/seed.js';
import { freeAll, lendAll, NO_SLOT, type Slots } from '../tensor/slots.js';
import { asList, type CallArgs, isSymbol, NO_ARGS, single, type Value } from './args.js';
import { atWork } from './at-work.js';
import { callKeys, optionsJson, readInputs, takeNamed } from './call-args.js';
import { ModelGraph } from './graph.js';
import { Layer } from './layer.js';
import { carry, readMasks } from './masks.js';
import { settingsJson } from './settings.js';
import { SymbolicTensor } from './symbolic.js';
import { slotsOf } from './weights.js';

const NO_SLOTS: Slots = [];

declare module './layer.js' {
  interface Layer {
    /**
     * The layer's result for tensors, or for symbols the symbol of its result; several results come in a list:
     * `const [y, h]: Tensor[] = layer.apply(x)`.
     * @example layers.dense({ units: 3 }).apply(input({ shape: [2] })).shape; // → [null, 3]
     */
    apply<R extends SymbolicTensor | SymbolicTensor[] = SymbolicTensor>(
      inputs: SymbolicTensor | SymbolicTensor[],
      args?: CallArgs,
    ): R;
    apply<R extends Tensor | Tensor[] = Tensor>(inputs: Tensor | Tensor[], args?: CallArgs): R;
    apply(inputs: Value | Value[], args?: CallArgs): Value | Value[];
  }
}

function apply(this: Layer, inputs: Value | Value[], args: CallArgs = NO_ARGS): Value | Value[] {
  const options = args ?? NO_ARGS;
  const own = this._code;
  if (!isObject(options))
    throw fault(
      'type',
      `${this.getClassName()}: apply: expected an object of options, got ${describe(args)}`,
    );
  if (options !== NO_ARGS && !own) {
    // The library's layers read states, and weights of what is counted, as further inputs.
    const { initialState, countWeights, ...more } = options;
    for (const [key, given] of Object.entries({ initialState, countWeights })) {
      if (given === undefined || given === null) continue;
      return this.apply([...asList(inputs), ...readInputs(this.getClassName(), key, given)], more);
    }
  }
  const { inputs: all, args: given } = own
    ? { inputs: asList(inputs), args: options }
    : takeNamed(this.getClassName(), asList(inputs), options);
  let symbols = 0;
  for (const one of all) if (isSymbol(one)) symbols++;
  if (symbols > 0 && symbols === all.length) return applySymbols(this, all as SymbolicTensor[], given);
  const where = `${this.getClassName()}: apply`;
  if (symbols > 0) throw fault('type', `${where}: expected tensors or symbols, got both`);
  for (let at = 0; at < all.length; at++) all[at] = asTensor(where, all[at]);
  return single(applyTensors(this, where, all as Tensor[], given));
}
Object.defineProperty(Layer.prototype, 'apply', { value: apply, writable: true, configurable: true });

function applySymbols(
  layer: Layer,
  inputs: SymbolicTensor[],
  args: CallArgs,
): SymbolicTensor | SymbolicTensor[] {
  const { training: _, ...options } = args ?? {};
  const where = `${layer.getClassName()}: apply`;
  const json = settingsJson(where, options);
  const lent = inputs.map((input) => input.lend(where));
  const results = layer._ask('apply', (core) => core.apply(lent, json));
  const outputs = results.map((core, at) => new SymbolicTensor(core, layer, inputs, at));
  layer.noteCall(inputs, outputs);
  return single(outputs);
}

function applyTensors(layer: Layer, where: string, inputs: Tensor[], args: CallArgs): Tensor[] {
  const known = callKeys(layer.getClassName());
  const own = layer._code;
  if (args === NO_ARGS && !own && known.length === 0) return run(layer, where, inputs, undefined, NO_ARGS);
  const { mask, ...options } = args;
  const { training, ...rest } = options;
  if (training !== undefined && training !== null && typeof training !== 'boolean')
    throw fault('type', `${where}: training: expected true or false, got ${describe(training)}`);
  if (own) return own.given(options, () => run(layer, where, inputs, mask, { training: training === true }));
  // Of what the library's layers do not know nothing would come.
  onlyKeys(where, options, ['training', 'mask', ...known]);
  if (known.length === 0) return run(layer, where, inputs, mask, options);
  // Inputs by place and by name come in one order.
  const json = settingsJson(where, rest);
  const told = layer._ask('apply', (core) => core.arrange(inputs.length, json));
  const [order, arranged] = JSON.parse(told) as [number[], CallArgs | null];
  const masks = isArray(mask) ? order.map((at) => mask[at] ?? null) : mask;
  const moved = order.map((at) => inputs[at]!);
  return run(layer, where, moved, masks, { training: training === true, ...arranged });
}

function run(layer: Layer, where: string, inputs: Tensor[], mask: unknown, options: CallArgs): Tensor[] {
  const masks = readMasks(where, inputs, mask, layer._code !== undefined);
  if (!atWork<Layer>()?.meet(layer)) layer.ensureBuilt(inputs);
  const given = lendAll(inputs, where);
  const isMasked = masks.some((one) => one !== undefined);
  const lent = isMasked ? masks.map((one) => (one ? lendAll([one], where)[0]! : NO_SLOT)) : NO_SLOTS;
  try {
    const weights = recording() ? slotsOf(layer._seen) : NO_SLOTS;
    const answer = onSlots(layer, given, lent, weights, options);
    const count = answer[0]!;
    const outputs: Tensor[] = [];
    for (let at = 1; at <= count; at++) outputs.push(fromSlot(answer[at]!));
    for (let at = 1 + count; at < answer.length; at++) {
      const slot = answer[at]!;
      if (slot !== NO_SLOT) carry(outputs[at - 1 - count]!, fromSlot(slot));
    }
    return outputs;
  } finally {
    freeAll(given);
    freeAll(lent);
  }
}

/** Runs it on slots: how many results there are, their slots, and those of their masks if there are any. */
function onSlots(layer: Layer, inputs: Slots, masks: Slots, weights: Slots, args: CallArgs): Uint32Array {
  const [given, lent, own] = [inputs as number[], masks as number[], weights as number[]];
  const isTraining = args.training === true;
  if (layer instanceof ModelGraph) {
    const network = layer.core_('apply');
    return call(() => network.call(given, lent, own, isTraining, nextSeed())) as Uint32Array;
  }
  const json = args === NO_ARGS ? '{}' : optionsJson(`${layer.getClassName()}: apply`, args);
  return layer._ask('apply', (core) =>
    core.call(given, lent, own, isTraining, json, nextSeed()),
  ) as Uint32Array;
}
