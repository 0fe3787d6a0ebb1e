/** What a layer is in graphs: what it has been called on, symbols that stand for tensors, and what came of it. */
import { type CallArgs, single } from './args.js';
import { type Called, Calls, type Whole } from './calls.js';
import { LayerInCore } from './layer-in-core.js';
import { settingsJson } from './settings.js';
import { type Dims, SymbolicTensor } from './symbolic.js';

/** A layer, as those see it who call it on symbols. */
export abstract class LayerInGraph extends LayerInCore {
  readonly #calls = new Calls();

  protected _applySymbols(inputs: SymbolicTensor[], args: CallArgs): SymbolicTensor | SymbolicTensor[] {
    const { training: _, ...options } = args ?? {};
    const where = `${this.getClassName()}: apply`;
    const json = settingsJson(where, options);
    const lent = inputs.map((input) => input.lend(where));
    const results = this._ask('apply', (core) => core.apply(lent, json));
    const outputs = results.map((core, at) => new SymbolicTensor(core, this, inputs, at));
    this.noteCall(inputs, outputs);
    return single(outputs);
  }

  /** Remembers a call, for {@link input} and {@link output}. */
  noteCall(inputs: SymbolicTensor[], outputs: SymbolicTensor[], by?: object): void {
    this.#calls.add({ inputs, outputs, by });
  }
  /** Forgets the calls that a model has found. */
  forgetCalls(by: object): void {
    this.#calls.forget(by);
  }
  /** Tells of a model of which the layer is part. */
  _join(model: Whole): void {
    this.#calls.model = model;
  }
  /** Has the model that it has become a part of last make the weights. */
  protected _askModel(): void {
    this.#calls.model?.makeWeights();
  }
  /** What it was called on first, if nobody has to be asked for that. */
  protected _calledOn(): readonly SymbolicTensor[] | undefined {
    return this.#calls.first?.inputs;
  }
  protected get _calls(): readonly Called[] {
    return this.#calls.all;
  }
  /** What it was called on, if it was called once. */
  get input(): SymbolicTensor | SymbolicTensor[] {
    return single(this.#calls.only(this.name, 'input').inputs);
  }
  /** Its result, if it was called once. */
  get output(): SymbolicTensor | SymbolicTensor[] {
    return single(this.#calls.only(this.name, 'output').outputs);
  }
  getInputAt(node: number): SymbolicTensor | SymbolicTensor[] {
    return single(this.#calls.at(this.name, 'getInputAt', node).inputs);
  }
  getOutputAt(node: number): SymbolicTensor | SymbolicTensor[] {
    return single(this.#calls.at(this.name, 'getOutputAt', node).outputs);
  }
  /** The shape of its output, the batch axis as `null`. */
  get outputShape(): Dims | Dims[] {
    const { outputs } = this.#calls.only(this.name, 'outputShape');
    return single(outputs.map(({ shape }) => shape)) as Dims | Dims[];
  }
}
