/** Optimizers: a name and its settings, which the core checks, and steps on variables. */
import { camelKeys, describe, fault, finite, onlyKeys, snakeKeys } from '../engine/errors.js';
import { Home } from '../engine/home.js';
import { call, currentGeneration } from '../engine/instance.js';
import { namespace } from '../engine/namespace.js';
import { ownerOf, variableGradsFor } from '../grad/gradients.js';
import { sameShape } from '../tensor/shape.js';
import { Tensor } from '../tensor/tensor.js';
import { type Variable, variableNamed } from '../tensor/variable.js';
import type { CoreOptimizer } from '../wasm/mapling.js';

/** A variable's gradient, as TensorFlow.js hands it over in a list. */
export interface NamedGradient {
  name: string;
  tensor: Tensor;
}

/** What a model is compiled with, and what takes steps on variables. */
export class Optimizer {
  readonly className: string;
  private readonly settings: Record<string, unknown>;
  private made: CoreOptimizer | undefined;
  /** Where what it remembers is. */
  readonly home = new Home({
    bytes: () => this.made?.stateBytes() ?? 0,
    moveOut: () => this.made?.takeState() ?? [],
    moveIn: (kept) => this.made?.giveState(kept as [number, Float32Array][]),
  });
  private generation = -1;

  constructor(className: string, config: Record<string, unknown>) {
    this.className = className;
    this.settings = { ...config };
  }

  /** The settings that were given. */
  get config(): Readonly<Record<string, unknown>> {
    return { ...this.settings };
  }
  getClassName(): string {
    return this.className;
  }
  getConfig(): Record<string, unknown> {
    return { ...this.settings };
  }

  /**
   * The core's optimizer, which keeps what is remembered of variables. It is made when it is needed first, and anew,
   * with nothing remembered, after a restart.
   */
  core(): CoreOptimizer {
    const core = this.optimizer();
    this.home.enter();
    return core;
  }
  private optimizer(): CoreOptimizer {
    if (!this.made || this.generation !== currentGeneration()) {
      const settings = JSON.stringify(optimizerJson(this));
      this.home.leave();
      this.made = call((wasm) => new wasm.CoreOptimizer(settings));
      this.generation = currentGeneration();
    }
    return this.made;
  }

  /** How far a step goes; a change holds from the next step on. */
  get learningRate(): number {
    const { learningRate } = this.settings;
    if (typeof learningRate === 'number') return learningRate;
    // What float32 keeps of a decimal number, as the decimal number.
    return Number(call(() => this.core().learningRate()).toPrecision(7));
  }
  set learningRate(rate: number) {
    finite(`${this.className}: learningRate`, rate);
    call(() => this.core().setLearningRate(rate));
    this.settings.learningRate = rate;
  }
  /** As assigning {@link learningRate}. */
  setLearningRate(rate: number): void {
    this.learningRate = rate;
  }
  /** How many steps have been taken. */
  get iterations(): number {
    return call(() => this.core().steps());
  }

  /**
   * One step: finds the gradients of what `f` gives, a single value, with respect to the variables that it uses (or to
   * those given), and changes these. The value comes back if `returnCost` is true.
   */
  minimize(f: () => Tensor, returnCost = false, varList?: Variable[] | null): Tensor | null {
    const { value, grads } = variableGradsFor('minimize', f, varList);
    try {
      this.applyGradients(grads);
    } finally {
      for (const gradient of Object.values(grads)) gradient.dispose();
      if (!returnCost) value.dispose();
    }
    return returnCost ? value : null;
  }

  /** The value of `f` and the gradients of variables, by their names. */
  computeGradients(
    f: () => Tensor,
    varList?: Variable[] | null,
  ): { value: Tensor; grads: Record<string, Tensor> } {
    return variableGradsFor('computeGradients', f, varList);
  }

  /** One step with these gradients: by the names of variables, or in a list of `{ name, tensor }`. */
  applyGradients(gradients: Record<string, Tensor> | NamedGradient[]): void {
    const pairs = pairsOf(gradients);
    const optimizer = this.core();
    for (const [variable] of pairs) variable.makeRoom(optimizer);
    call(() => optimizer.beginStep());
    for (const [variable, gradient] of pairs) variable.update(optimizer, gradient);
    this.home.measure();
  }

  /** Frees what is remembered of variables. */
  dispose(): void {
    const { made } = this;
    this.made = undefined;
    if (made && this.generation === currentGeneration()) call(() => made.free());
  }
}

/** Each gradient with its variable; all that could be wrong is found here, before anything changes. */
function pairsOf(gradients: unknown): [Variable, Tensor][] {
  const where = 'applyGradients';
  if (typeof gradients !== 'object' || gradients === null)
    throw fault('type', `${where}: expected gradients by the names of variables, got ${describe(gradients)}`);
  const named: [unknown, unknown][] = Array.isArray(gradients)
    ? gradients.map((one: Partial<NamedGradient> | null) => [one?.name, one?.tensor])
    : Object.entries(gradients);
  return named.flatMap(([name, gradient]): [Variable, Tensor][] => {
    if (gradient === undefined || gradient === null) return [];
    if (typeof name !== 'string')
      throw fault('type', `${where}: expected the name of a variable, got ${describe(name)}`);
    if (!(gradient instanceof Tensor))
      throw fault('type', `${where}: ${describe(name)}: expected a tensor, got ${describe(gradient)}`);
    const tensor = gradient.raw();
    const variable = ownerOf(tensor) ?? variableNamed(name);
    if (!variable || variable.isDisposed)
      throw fault('name', `${where}: there is no variable with the name ${describe(name)}`);
    if (tensor.isDisposed) throw fault('state', `${where}: the gradient of ${describe(name)} is disposed`);
    if (!sameShape(tensor.shape, variable.shape)) {
      throw fault(
        'shape',
        `${where}: ${describe(name)} is [${variable.shape}], its gradient is [${tensor.shape}]`,
      );
    }
    if (tensor.dtype !== 'float32')
      throw fault('type', `${where}: the gradient of ${describe(name)} is ${tensor.dtype}, not float32`);
    return variable.dtype === 'float32' ? [[variable, tensor]] : [];
  });
}

/** Settings that are given, without those left to the core's defaults; numbers that JSON cannot hold are refused. */
function given(where: string, config: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(config).filter(([, value]) => value !== undefined && value !== null);
  for (const [key, value] of entries) {
    if (typeof value !== 'boolean') finite(`train.${where}: ${key}`, value);
  }
  return Object.fromEntries(entries);
}

/** The optimizers that there are. */
const known = {
  /** Stochastic gradient descent: `w ← w − learningRate · g`. */
  sgd: (learningRate?: number): Optimizer => new Optimizer('SGD', given('sgd', { learningRate })),
  /** Gradient descent with momentum (Sutskever et al. 2013), optionally Nesterov's. */
  momentum: (learningRate?: number, momentum = 0.9, nesterov?: boolean): Optimizer =>
    new Optimizer('SGD', given('momentum', { learningRate, momentum, nesterov })),
  /** Adam (Kingma and Ba 2015). */
  adam: (learningRate?: number, beta1?: number, beta2?: number, epsilon?: number): Optimizer =>
    new Optimizer('Adam', given('adam', { learningRate, beta1, beta2, epsilon })),
};

/** What comes closest to optimizers that are not here, where names do not tell. */
const NEAREST = { rmsprop: 'adam', adagrad: 'adam', adadelta: 'adam', adamax: 'adam' };

/** Optimizers, with Keras' defaults. One that is not here throws when it is called, and names the nearest. */
export const train = /* @__PURE__ */ namespace('train', known, NEAREST);

/** An optimizer as Keras would write it down, from a name, an object, or what `train.…` gives. */
export interface OptimizerSpec {
  className: string;
  config: Record<string, unknown>;
}

/** An optimizer from a name, an object, or what `train.…` gives. */
export function asOptimizer(where: string, given: unknown): Optimizer {
  if (given instanceof Optimizer) return given;
  if (given !== null && typeof given === 'object' && 'config' in given) {
    for (const [key, value] of Object.entries((given as OptimizerSpec).config ?? {})) {
      if (typeof value === 'number') finite(`${where}: ${key}`, value);
    }
  }
  const { class_name: className, config } = optimizerJson(given) as {
    class_name: string;
    config: Record<string, unknown>;
  };
  return new Optimizer(className, camelKeys(config) as Record<string, unknown>);
}

/** What the core reads: `{ class_name, config }`. */
export function optimizerJson(optimizer: unknown): unknown {
  if (typeof optimizer === 'string') {
    const name = optimizer.toLowerCase();
    if (name === 'momentum') return optimizerJson(train.momentum());
    return { class_name: name === 'sgd' ? 'SGD' : name === 'adam' ? 'Adam' : optimizer, config: {} };
  }
  if (optimizer instanceof Optimizer)
    return { class_name: optimizer.className, config: snakeKeys(optimizer.config) };
  const spec = optimizer as Partial<OptimizerSpec> | null | undefined;
  if (typeof spec !== 'object' || spec === null || typeof spec.className !== 'string') {
    throw fault(
      'type',
      `compile: optimizer: expected a name or train.sgd(…), train.adam(…), got ${describe(optimizer)}`,
    );
  }
  onlyKeys('compile: optimizer', spec, ['className', 'config']);
  return { class_name: spec.className, config: snakeKeys(spec.config ?? {}) };
}
