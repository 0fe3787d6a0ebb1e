import { Calls, type Whole } from './calls.js';
import { LayerInCore } from './layer-in-core.js';
import type { SymbolicTensor } from './symbolic.js';

/** A layer, as those see it who call it on symbols. */
export abstract class LayerInGraph extends LayerInCore {
  /** What it has been called on. */
  readonly calls_ = new Calls();

  /** Remembers a call, for `input` and `output`. */
  noteCall(inputs: SymbolicTensor[], outputs: SymbolicTensor[], by?: object): void {
    this.calls_.add({ inputs, outputs, by });
  }
  /** Forgets the calls that a model has found. */
  forgetCalls(by: object): void {
    this.calls_.forget(by);
  }
  /** Tells of a model of which the layer is part. */
  _join(model: Whole): void {
    this.calls_.model = model;
  }
  /** Has the model that it has become a part of last make the weights. */
  protected _askModel(): void {
    this.calls_.model?.makeWeights();
  }
  /** What it was called on first, if nobody has to be asked for that. */
  protected _calledOn(): readonly SymbolicTensor[] | undefined {
    return this.calls_.first?.inputs;
  }
}
