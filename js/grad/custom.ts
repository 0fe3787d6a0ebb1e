/** Functions with derivatives of a user's own. */
import { checkFunction, describe, fault } from '../engine/errors.js';
import { registerForeign } from '../engine/foreign.js';
import { call, core } from '../engine/instance.js';
import { isA, isArray, isFunction, isObject } from '../engine/look.js';
import { FAILED } from '../tensor/cell.js';
import { clone, type Like } from '../tensor/elementwise.js';
import { adopt, asTensor, fromSlot, giveBack, slotOf, Tensor } from '../tensor/handle.js';
import { close, type Made, open, recording } from '../tensor/scope.js';
import { sameShape } from '../tensor/shape.js';
import { foreign } from './foreign.js';

/** Keeps tensors for the derivative. */
export type GradSaver = (tensors: Tensor[]) => void;

/** An argument of such a function: an input, and the last one what saves. Types cannot say which one is the last. */
export type InputOrSaver = Tensor & GradSaver;

/** What a function with a derivative of its own gives: the value, and how gradients come from that of the value. */
export interface CustomValue {
  value: Tensor;
  gradFunc: (dy: Tensor, saved: Tensor[]) => Tensor | Tensor[];
}

function checked(result: unknown): CustomValue {
  const { value, gradFunc } = (isObject(result) ? result : {}) as Partial<CustomValue>;
  if (isA(value, Tensor) && isFunction(gradFunc)) return { value: value.raw(), gradFunc };
  throw fault(
    'type',
    `customGrad: the function has to return { value, gradFunc }, but returned ${describe(result)}`,
  );
}

/**
 * A function whose derivative is `gradFunc` instead of what follows from its ops:
 * `customGrad((x, save) => { save([x]); return { value: x.square(), gradFunc: (dy, [x]) => dy.mul(x) }; })`.
 * @example
 * const clipped = customGrad((x, save) => {
 *   save([x]);
 *   return { value: x.square(), gradFunc: (dy, [x]) => dy.mul(x.clipByValue(-1, 1)) };
 * });
 * grad(clipped)(5); // → 1
 */
export function customGrad(
  f: (...inputsAndSave: InputOrSaver[]) => CustomValue,
): (...inputs: Like[]) => Tensor {
  checkFunction('customGrad', f);
  const action = f as unknown as (...inputs: (Tensor | GradSaver)[]) => unknown;
  return (...given) => {
    const inputs = given.map((input) => asTensor('customGrad', input));
    if (!recording()) return withoutRecording(action, inputs);
    return recorded(action, inputs);
  };
}

function withoutRecording(action: (...inputs: (Tensor | GradSaver)[]) => unknown, inputs: Tensor[]): Tensor {
  const scope = open('tidy');
  const kept = new Set<Made>();
  try {
    const { value } = checked(action(...inputs, () => {}));
    kept.add(value);
    return value;
  } finally {
    close(scope, kept);
  }
}

/** Another handle to a tensor as it is recorded, which lives until it is disposed. */
function held(tensor: Tensor): Tensor {
  if (tensor.dtype !== 'float32') return clone(tensor).keep();
  const slot = core().share(slotOf(tensor, 'customGrad: save'));
  giveBack();
  return fromSlot(slot, tensor.shape).keep();
}

/**
 * The function's own ops are recorded, so that derivatives of the derivative flow through what it has saved; of its value
 * only the numbers are taken. What is saved outlives the scopes in which it was made: the core asks for gradients later.
 */
function recorded(action: (...inputs: (Tensor | GradSaver)[]) => unknown, inputs: Tensor[]): Tensor {
  const floats = [...inputs.entries()].filter(([, { dtype }]) => dtype === 'float32');
  const saved: Tensor[] = [];
  let known: Tensor[] = [];
  const release = (): void => {
    for (const tensor of known) tensor.dispose();
  };
  const scope = open('tidy');
  const kept = new Set<Made>();
  let made: Tensor;
  let gradFunc: CustomValue['gradFunc'];
  try {
    const save: GradSaver = (tensors) => {
      if (!isArray(tensors))
        throw fault('type', `customGrad: save: expected an array, got ${describe(tensors)}`);
      saved.push(...tensors.map((one) => asTensor('customGrad: save', one)));
    };
    const result = checked(action(...inputs, save));
    const { value } = result;
    gradFunc = result.gradFunc;
    const id = registerForeign(
      foreign('customGrad', ([dy]) => gradients(dy!)),
      release,
    );
    let outer = scope;
    while (outer.parent?.pins) outer = outer.parent;
    outer.foreign.push(id);
    const slots = Uint32Array.from(floats, ([, input]) => slotOf(input, 'customGrad'));
    const from = slotOf(value, 'customGrad');
    const slot = call((wasm) => wasm.customGradient(from, slots, id));
    giveBack();
    if (slot === FAILED) throw core().takeFailure();
    made = adopt(slot, [...value.shape]);
    known = saved.map((one) => held(one === value ? made : one));
    kept.add(made);
  } finally {
    close(scope, kept);
  }
  return made;

  /** The gradients for all inputs that have one, from the gradient of the value. */
  function gradients(dy: Tensor): Tensor[] {
    const answer = gradFunc(dy, known);
    const list: unknown[] = isArray(answer) ? answer : [answer];
    if (list.length !== inputs.length) {
      throw fault('value', `customGrad: gradFunc gave ${list.length} gradients for ${inputs.length} inputs`);
    }
    return floats.map(([at, input]) => {
      const gradient = asTensor('customGrad: gradFunc', list[at]);
      if (sameShape(gradient.shape, input.shape)) return gradient;
      throw fault('shape', `customGrad: a gradient is [${gradient.shape}], its input [${input.shape}]`);
    });
  }
}
