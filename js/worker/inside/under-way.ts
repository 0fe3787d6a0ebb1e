/** A run of training that is under way, as what looks into it or changes it sees it. Types only. */
import type { LayersModel } from '../../nn/model.js';
import type { Control } from '../../train/control.js';
import type { Prepared } from '../../train/fit.js';
import type { DataSet } from './sets.js';

/** A run, and what it works with. */
export interface UnderWay {
  control: Control;
  model: LayersModel;
  prepared: Prepared;
  train: DataSet;
  /** What it changes by itself. */
  changes?: Changes | undefined;
}

/** Changes that a run makes by itself at steps that were named before it began. */
export interface Changes {
  /** Batches that may be done before the next change. */
  left(step: number): number;
  /** Makes the changes of this step. */
  reached(step: number, run: UnderWay): void;
}
