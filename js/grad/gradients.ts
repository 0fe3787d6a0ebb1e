/** Gradients of functions, with the names and rules of TensorFlow.js. */
import { checkFunction, describe, fault } from '../engine/errors.js';
import { isArray } from '../engine/look.js';
import type { Like } from '../tensor/elementwise.js';
import { asTensor, type Tensor } from '../tensor/handle.js';
import { type HasVariable, type Variable, variableOf } from '../tensor/variable.js';
import { differentiate } from './differentiate.js';
import { handOut } from './handed-out.js';

/** The value of `f` and its gradients with respect to `inputs`, each of which it must use. */
function valueAndAll(
  where: string,
  f: (...inputs: Tensor[]) => Tensor,
  given: readonly unknown[],
  dy: unknown,
): { value: Tensor; gradients: Tensor[] } {
  const inputs = given.map((input) => asTensor(where, input));
  const from = dy === undefined || dy === null ? undefined : asTensor(`${where}: dy`, dy);
  const found = differentiate({ where, run: () => f(...inputs), inputs, dy: from });
  const { value, gradients } = found;
  const unused = gradients.indexOf(undefined);
  if (unused < 0) return { value, gradients: gradients as Tensor[] };
  for (const one of [value, ...gradients]) one?.dispose();
  const which = inputs.length === 1 ? 'its input' : `input ${unused}`;
  throw fault(
    'value',
    `${where}: the function's value does not depend on ${which}; all ops that lead from the one to the other must be inside the function`,
  );
}

/** As {@link grads}, for a function of another name. */
export function gradientsFor(where: string, f: (...inputs: Tensor[]) => Tensor, inputs: Tensor[]): Tensor[] {
  return valueAndAll(where, f, inputs, undefined).gradients;
}

function list(where: string, args: unknown): readonly unknown[] {
  if (isArray(args) && args.length > 0) return args;
  throw fault('type', `${where}: expected the inputs in an array, got ${describe(args)}`);
}

/**
 * The function `(x, dy?) => gradient` of `f` with respect to its input. Of a value that is not a single one it is the
 * gradient of the sum, or of the sum weighted by `dy`.
 * @example grad((x) => x.square().sum())([1, 2, 3]); // → [2, 4, 6]
 */
export function grad(f: (x: Tensor) => Tensor): (x: Like, dy?: Like | null) => Tensor {
  checkFunction('grad', f);
  return (x, dy) => {
    const { value, gradients } = valueAndAll('grad', f, [x], dy);
    value.dispose();
    return gradients[0]!;
  };
}

/**
 * As {@link grad} for a function of several inputs, which come in an array: `([x, y], dy?) => [dx, dy]`.
 * @example grads((a, b) => a.mul(b))([2, 3]); // → [3, 2]
 */
export function grads(f: (...inputs: Tensor[]) => Tensor): (args: Like[], dy?: Like | null) => Tensor[] {
  checkFunction('grads', f);
  return (args, dy) => {
    const { value, gradients } = valueAndAll('grads', f, list('grads', args), dy);
    value.dispose();
    return gradients;
  };
}

/**
 * As {@link grad}, with the value: `(x, dy?) => { value, grad }`.
 * @example
 * const { value, grad } = valueAndGrad((x) => x.square().sum())([1, 2]);
 * grad; // → [2, 4]
 */
export function valueAndGrad<I extends Tensor, O extends Tensor>(
  f: (x: I) => O,
): (x: Like, dy?: Like | null) => { value: O; grad: I } {
  checkFunction('valueAndGrad', f);
  return (x, dy) => {
    const { value, gradients } = valueAndAll('valueAndGrad', f as never, [x], dy);
    return { value: value as O, grad: gradients[0] as I };
  };
}

/**
 * As {@link grads}, with the value: `([x, y], dy?) => { value, grads }`.
 * @example
 * const { value, grads } = valueAndGrads((a, b) => a.mul(b))([2, 3]);
 * value; // → 6
 */
export function valueAndGrads<O extends Tensor>(
  f: (...inputs: Tensor[]) => O,
): (args: Like[], dy?: Like | null) => { value: O; grads: Tensor[] } {
  checkFunction('valueAndGrads', f);
  return (args, dy) => {
    const { value, gradients } = valueAndAll('valueAndGrads', f, list('valueAndGrads', args), dy);
    return { value: value as O, grads: gradients };
  };
}

/** The variables, or the weights of layers, that gradients are asked for. */
type Given = Variable | HasVariable | readonly (Variable | HasVariable)[];

/** Of which variable a gradient is, for whoever applies it. */
export const ownerOf = (gradient: Tensor): Variable | undefined => gradient._target as Variable | undefined;

/**
 * The value of a function and its gradients with respect to the trainable variables that it uses, or to those in
 * `variables`, by their names.
 * @example
 * const weight = variable(3, true, 'weight of the example');
 * const { grads } = variableGrads(() => weight.square());
 * grads['weight of the example']; // → 6
 */
export function variableGrads(
  f: () => Tensor,
  variables?: Given | null,
): { value: Tensor; grads: Record<string, Tensor> } {
  return variableGradsFor('variableGrads', f, variables);
}

export function variableGradsFor(
  where: string,
  f: () => Tensor,
  variables?: Given | null,
): { value: Tensor; grads: Record<string, Tensor> } {
  checkFunction(where, f);
  const chosen = variables === undefined || variables === null ? undefined : checkVariables(where, variables);
  const found = differentiate({
    where,
    run: f,
    ...(chosen && { inputs: chosen }),
    check: (value) => {
      if (value.size === 1 && value.rank === 0) return;
      throw fault(
        'shape',
        `${where}: the function has to return a single value, but returned [${value.shape}]`,
      );
    },
  });
  const watched = chosen ?? found.variables;
  const grads: Record<string, Tensor> = Object.create(null);
  try {
    watched.forEach((variable, at) => {
      const gradient = found.gradients[at];
      if (!gradient) return;
      // Weights of two models may have the same name; the gradient itself knows its variable.
      let name = variable.name;
      for (let again = 1; name in grads; again++) name = `${variable.name}_${again}`;
      grads[name] = gradient;
      handOut(name, variable);
      gradient._target = variable;
    });
    if (Object.keys(grads).length === 0) {
      const which = chosen ? 'a variable that is given' : 'a trainable variable';
      throw fault('value', `${where}: the function's value does not depend on ${which}`);
    }
  } catch (failure) {
    for (const one of [found.value, ...found.gradients]) one?.dispose();
    throw failure;
  }
  return { value: found.value, grads: { ...grads } };
}

/** Those of the given variables that are trainable. */
function checkVariables(where: string, variables: Given): Variable[] {
  const given: readonly unknown[] = isArray(variables) ? variables : [variables];
  const checked = given.map((one) => {
    const variable = variableOf(one);
    if (variable) return variable;
    throw fault('type', `${where}: expected variables, got ${describe(one)}`);
  });
  const trainable = checked.filter((variable) => variable.trainable);
  if (trainable.length > 0) return trainable;
  throw fault('value', `${where}: none of the ${checked.length} variables is trainable`);
}
