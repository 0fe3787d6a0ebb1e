/**
 * Steps on variables, as methods of optimizers. The page's worker, where models are trained by the core and nobody has
 * variables, goes without.
 */
import { describe, fault } from '../engine/errors.js';
import { call } from '../engine/instance.js';
import { isA, isArray, isObject } from '../engine/look.js';
import { ownerOf, variableGradsFor } from '../grad/gradients.js';
import { applied, waitingFor } from '../grad/handed-out.js';
import { Tensor } from '../tensor/handle.js';
import { sameShape } from '../tensor/shape.js';
import { freeAll, lendAll } from '../tensor/slots.js';
import { type HasVariable, type Variable, variableOf, variablesNamed } from '../tensor/variable.js';
import type { CoreOptimizer } from '../wasm/mapling.js';
import { Optimizer } from './optimizer.js';

/** A variable's gradient, as TensorFlow.js hands it over in a list. */
export interface NamedGradient {
  name: string;
  tensor: Tensor;
}

/** A gradient and its variable, as Keras hands them over in a list. */
export type GradientPair = readonly [gradient: Tensor | null | undefined, variable: Variable | HasVariable];

interface Steps {
  /**
   * One step: finds the gradients of what `f` gives, a single value, with respect to the variables that it uses (or to
   * those given), and changes these. The value comes back if `returnCost` is true.
   * @example
   * const weight = variable([1]);
   * const loss = train.sgd(0.1).minimize(() => weight.square().sum(), true, [weight]);
   * loss; // → 1
   */
  minimize(
    f: () => Tensor,
    returnCost?: boolean,
    varList?: readonly (Variable | HasVariable)[] | null,
  ): Tensor | null;

  /**
   * The value of `f` and the gradients of variables, by their names.
   * @example
   * const weight = variable([3]);
   * const { value, grads } = train.sgd(0.1).computeGradients(() => weight.square().sum(), [weight]);
   * value; // → 9
   */
  computeGradients(
    f: () => Tensor,
    varList?: readonly (Variable | HasVariable)[] | null,
  ): { value: Tensor; grads: Record<string, Tensor> };

  /**
   * One step with these gradients: by the names of variables, in a list of `{ name, tensor }`, or of pairs
   * `[gradient, variable]` as in Keras. A gradient that is null is left out. What comes from `variableGrads` as it is
   * knows its variable; a name alone has to be that of one living variable.
   * @example
   * const weight = variable([1]);
   * train.sgd(0.1).applyGradients([[tensor([2]), weight]]);
   * weight; // → [0.8]
   */
  applyGradients(gradients: Record<string, Tensor> | readonly (NamedGradient | GradientPair)[]): void;
}

declare module './optimizer.js' {
  interface Optimizer extends Steps {}
}

const methods: Steps & ThisType<Optimizer> = {
  minimize(f, returnCost = false, varList) {
    const { value, grads } = variableGradsFor('minimize', f, varList);
    try {
      this.applyGradients(grads);
    } finally {
      for (const gradient of Object.values(grads)) gradient.dispose();
      if (!returnCost) value.dispose();
    }
    return returnCost ? value : null;
  },
  computeGradients(f, varList) {
    return variableGradsFor('computeGradients', f, varList);
  },
  applyGradients(gradients) {
    const pairs = pairsOf(gradients);
    const optimizer = this.core();
    for (const [variable] of pairs) variable.makeRoom(optimizer);
    // Only the norm of all gradients together is needed before the first variable changes.
    begin(optimizer, this._clipsGlobally ? pairs.map(([, gradient]) => gradient) : []);
    for (const [variable, gradient] of pairs) {
      variable.update(optimizer, gradient);
      applied(variable);
    }
    this.home.measure();
  },
};

for (const [name, value] of Object.entries(methods))
  Object.defineProperty(Optimizer.prototype, name, { value, writable: true, configurable: true });

/** Begins a step of the core's optimizer along these gradients. */
function begin(optimizer: CoreOptimizer, gradients: Tensor[]): void {
  const slots = lendAll(gradients, 'applyGradients');
  try {
    call(() => optimizer.beginStep(slots));
  } finally {
    freeAll(slots);
  }
}

/** No list of gradients is longer; one that says so has holes, and would take hours to go through. */
const MOST = 2 ** 20;

/** Each gradient with its variable; all that could be wrong is found here, before anything changes. */
function pairsOf(gradients: unknown): [Variable, Tensor][] {
  const where = 'applyGradients';
  if (!isObject(gradients) || (isArray(gradients) && gradients.length > MOST))
    throw fault('type', `${where}: expected gradients by the names of variables, got ${describe(gradients)}`);
  const named: [unknown, unknown][] = isArray(gradients)
    ? Array.from(gradients, readOne)
    : Object.entries(gradients);
  const pairs: [Variable, Tensor][] = [];
  for (const [target, gradient] of named) {
    if (gradient === undefined || gradient === null) continue;
    const own = typeof target === 'string' ? undefined : variableOf(target);
    if (!own && typeof target !== 'string')
      throw fault('type', `${where}: expected the name of a variable, got ${describe(target)}`);
    const name = (): string => describe(own ? own.name : target);
    if (!isA(gradient, Tensor))
      throw fault('type', `${where}: ${name()}: expected a tensor, got ${describe(gradient)}`);
    const tensor = gradient.raw();
    const variable = own ?? ownerOf(tensor) ?? theOneNamed(target as string);
    if (!variable || variable.isDisposed)
      throw fault('name', `${where}: there is no variable with the name ${name()}`);
    if (tensor.isDisposed) throw fault('state', `${where}: the gradient of ${name()} is disposed`);
    if (!sameShape(tensor.shape, variable.shape))
      throw fault('shape', `${where}: ${name()} is [${variable.shape}], its gradient is [${tensor.shape}]`);
    if (tensor.dtype !== 'float32')
      throw fault('type', `${where}: the gradient of ${name()} is ${tensor.dtype}, not float32`);
    if (variable.dtype === 'float32') pairs.push([variable, tensor]);
  }
  if (pairs.length === 0) throw fault('value', `${where}: there are no gradients`);
  return pairs;
}

/** One of a list of gradients: what it is for, and the gradient. */
function readOne(one: unknown): [unknown, unknown] {
  if (isArray(one) && one.length === 2 && variableOf(one[1])) return [one[1], one[0]];
  const isNamed = isObject(one) && !isA(one, Tensor) && 'tensor' in one;
  if (isNamed) return [(one as Partial<NamedGradient>).name, one.tensor];
  throw fault(
    'type',
    `applyGradients: expected { name, tensor } or [gradient, variable], got ${describe(one)}`,
  );
}

/** The living variable of this name, if there is one; which of several is meant nobody can tell. */
function theOneNamed(name: string): Variable | undefined {
  const waiting = waitingFor(name);
  if (waiting.length === 1) return waiting[0];
  const all = variablesNamed(name);
  if (all.length < 2) return all[0];
  throw fault(
    'name',
    `applyGradients: ${all.length} variables have the name ${describe(name)}: give pairs [gradient, variable], or names of their own to layers`,
  );
}
