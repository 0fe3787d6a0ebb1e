/**
 * What an optimizer remembers as a list of tensors by name, for programs that keep it: the number of steps first, then for
 * each variable what the update rule has of it. Methods of optimizers; the page's worker goes without.
 */
import { describe, fault, whole } from '../engine/errors.js';
import { call } from '../engine/instance.js';
import { isA, isArray, isObject } from '../engine/look.js';
import type { NamedTensor } from '../tensor/containers.js';
import { asFloat, asTensor, Tensor, valuesOf } from '../tensor/handle.js';
import { sameShape } from '../tensor/shape.js';
import { type Variable, variablesByKey, variablesNamed } from '../tensor/variable.js';
import { Optimizer } from './optimizer.js';

interface Weights {
  /** The number of steps, `iter`, then `<variable>/<name>` for all that is remembered of living variables. */
  getWeights(): Promise<NamedTensor[]>;
  /** Goes on as with what {@link getWeights} gave: all of it or, if something does not fit, nothing is taken. */
  setWeights(weightValues: readonly NamedTensor[]): Promise<void>;
  /** The number of steps, as {@link getWeights} gives it. */
  saveIterations(): Promise<NamedTensor>;
  /** Goes on as after the number of steps that stands first; gives the rest of the list. */
  extractIterations(weightValues: readonly NamedTensor[]): Promise<NamedTensor[]>;
  /** Counts one step more. */
  incrementIterations(): void;
}

declare module './optimizer.js' {
  interface Optimizer extends Weights {}
}

/** No list of what is remembered is longer. */
const MOST = 2 ** 20;

const rowOf = ({ shape }: Tensor): number => shape.at(-1) ?? 1;

function listed(where: string, given: unknown): NamedTensor[] {
  if (!isArray(given) || given.length > MOST)
    throw fault('type', `${where}: expected a list of { name, tensor }, got ${describe(given)}`);
  return Array.from(given as unknown[], (one) => {
    const { name, tensor } = (isObject(one) ? one : {}) as Partial<NamedTensor>;
    if (typeof name !== 'string' || !isA(tensor, Tensor))
      throw fault('type', `${where}: expected { name, tensor }, got ${describe(one)}`);
    return { name, tensor: asTensor(where, tensor) };
  });
}

/** How many steps the first of a list says. */
function stepsOf(where: string, [first]: readonly NamedTensor[]): number {
  if (first?.tensor.size !== 1)
    throw fault('value', `${where}: expected the number of steps first, got ${describe(first?.name)}`);
  return whole(`${where}: ${first.name}`, valuesOf(where, first.tensor)[0], 0);
}

const methods: Weights & ThisType<Optimizer> = {
  async getWeights() {
    const core = this.core();
    const names = call(() => core.slotNames());
    const keys = call(() => {
      const all = core.takeState();
      core.giveState(all as never[]);
      return all.map(([key]) => key);
    });
    const variables = variablesByKey();
    const found = keys.flatMap((key): NamedTensor[] => {
      const variable = variables.get(key);
      if (!variable) return [];
      const values = call(() => core.namedState(key, rowOf(variable)));
      return values.map((own, at) => ({
        name: `${variable.name}/${names[at]}`,
        tensor: new Tensor(own, [...variable.shape], 'float32'),
      }));
    });
    return [await this.saveIterations(), ...found];
  },

  async setWeights(weightValues) {
    const where = 'setWeights';
    const given = listed(where, weightValues);
    const steps = stepsOf(where, given);
    const core = this.core();
    const names = call(() => core.slotNames());
    const found = new Map<Variable, Map<string, Tensor>>();
    for (const { name, tensor } of given.slice(1)) {
      const cut = name.lastIndexOf('/');
      const [path, slot] = [name.slice(0, Math.max(cut, 0)), name.slice(cut + 1)];
      const [variable, another] = variablesNamed(path);
      if (!variable || another)
        throw fault(
          'name',
          `${where}: ${describe(name)}: expected the name of one variable before the last /`,
        );
      if (!names.includes(slot))
        throw fault(
          'name',
          `${where}: ${describe(name)}: ${this.className} remembers ${names.join(', ') || 'nothing'}`,
        );
      if (!sameShape(tensor.shape, variable.shape))
        throw fault(
          'shape',
          `${where}: ${describe(name)}: expected [${variable.shape}], got [${tensor.shape}]`,
        );
      const own = found.get(variable) ?? new Map<string, Tensor>();
      found.set(variable, own.set(slot, asFloat(where, tensor)));
    }
    for (const [variable, own] of found) {
      const missing = names.find((name) => !own.has(name));
      if (missing)
        throw fault('value', `${where}: nothing is given for ${describe(`${variable.name}/${missing}`)}`);
    }
    // Whether all fits into memory is found out before anything is replaced.
    for (const variable of found.keys()) variable.makeRoom(core);
    for (const [variable, own] of found) {
      const values = names.map((name) => valuesOf(where, own.get(name)!) as Float32Array);
      call(() => core.setNamedState(variable.key, variable.size, rowOf(variable), values));
    }
    call(() => core.setSteps(steps));
    this.home.measure();
  },

  async saveIterations() {
    return { name: 'iter', tensor: new Tensor(Int32Array.of(this.iterations), [], 'int32') };
  },

  async extractIterations(weightValues) {
    const given = listed('extractIterations', weightValues);
    const steps = stepsOf('extractIterations', given);
    const core = this.core();
    call(() => core.setSteps(steps));
    return given.slice(1);
  },

  incrementIterations() {
    const core = this.core();
    call(() => core.setSteps(core.steps() + 1));
  },
};

for (const [name, value] of Object.entries(methods))
  Object.defineProperty(Optimizer.prototype, name, { value, writable: true, configurable: true });
