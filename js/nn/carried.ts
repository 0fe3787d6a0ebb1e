/**
 * What the stateful layers of a model keep from batch to batch, taken out and put back: methods of models. The page's
 * worker, whose models have no such layers, goes without.
 */

import { describe, fault } from '../engine/errors.js';
import { call } from '../engine/instance.js';
import { areAll, isA, isArray } from '../engine/look.js';
import { Tensor } from '../tensor/handle.js';
import { sizeOf } from '../tensor/shape.js';
import { adoptAll, freeAll, lendAll } from '../tensor/slots.js';
import type { Network } from '../wasm/mapling.js';
import { LayersModel } from './model.js';

/** For each stateful layer its states; none where it begins with zeros. */
export type Carried = { shape: number[]; values: Float32Array }[][];

interface CarriedMethods {
  /** What stateful layers keep; nothing where there are none. */
  states_(): Carried | undefined;
  /** Lets stateful layers go on from these states. */
  goOnFrom_(where: string, states: unknown): void;
}

declare module './model.js' {
  interface LayersModel extends Partial<CarriedMethods> {}
}

const methods: CarriedMethods & ThisType<LayersModel> = {
  states_() {
    return carriedOf(this.core_('save'));
  },
  goOnFrom_(where, states) {
    restoreCarried(where, this.core_(where), states);
  },
};

for (const [name, value] of Object.entries(methods))
  Object.defineProperty(LayersModel.prototype, name, { value, writable: true, configurable: true });

function carriedOf(network: Network): Carried | undefined {
  if (call(() => network.fixedBatch()) === undefined) return undefined;
  const told = call(() => network.states());
  const all: Carried = [];
  for (let at = 0; at < told.length; at += 1 + told[at]!) {
    const own = adoptAll(told.subarray(at + 1, at + 1 + told[at]!));
    all.push(own.map((state) => ({ shape: [...state.shape], values: state.dataSync() as Float32Array })));
  }
  return all;
}

function restoreCarried(where: string, network: Network, carried: unknown): void {
  const isState = (one: unknown): boolean => {
    const { shape, values } = (one ?? {}) as Partial<Carried[0][0]>;
    return isA(values, Float32Array) && isArray(shape) && sizeOf(shape) === values.length;
  };
  if (!isArray(carried) || !areAll(carried, (own) => isArray(own) && areAll(own, isState)))
    throw fault('type', `${where}: states: expected what a trainer saved, got ${describe(carried)}`);
  const slots: number[] = [];
  const told = (carried as Carried).flatMap((own) => {
    const states = own.map(({ shape, values }) => new Tensor(values, shape, 'float32'));
    const lent = lendAll(states, where);
    slots.push(...lent);
    return [own.length, ...lent];
  });
  try {
    call(() => network.setStates(Uint32Array.from(told)));
  } finally {
    freeAll(slots);
  }
}
