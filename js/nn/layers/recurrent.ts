/** Layers that read sequences, and layers around layers. */
import type { LayerArgs } from '../args.js';
import type { Layer } from '../layer.js';
import { type Reading, type ReadingArgs, RNN, type RNNArgs, RNNCell } from '../rnn.js';
import {
  type ActivationName,
  type ConstraintName,
  type InitializerName,
  needs,
  type Pair,
  type RegularizerName,
  type Weighted,
} from './make.js';

export interface SimpleRNNCellArgs extends Weighted {
  units: number;
  recurrentInitializer?: InitializerName;
  recurrentRegularizer?: RegularizerName;
  recurrentConstraint?: ConstraintName;
  dropout?: number;
  recurrentDropout?: number;
  /** Says how to compute, not what: it changes nothing here. */
  implementation?: number;
}
/** A layer's settings are those of its cell, and how sequences are read. */
type OverSequences<Cell> = Cell & ReadingArgs;
export type SimpleRNNArgs = OverSequences<SimpleRNNCellArgs>;
/** The defaults are Keras': `recurrentActivation` is `sigmoid` (TensorFlow.js: `hardSigmoid`). */
export interface LSTMCellArgs extends SimpleRNNCellArgs {
  recurrentActivation?: ActivationName;
  /** Whether the forget gate's bias starts as 1. Default: true. */
  unitForgetBias?: boolean;
}
export type LSTMArgs = OverSequences<LSTMCellArgs>;
/** The defaults are Keras': `resetAfter` is true (TensorFlow.js knows false only). */
export interface GRUCellArgs extends SimpleRNNCellArgs {
  recurrentActivation?: ActivationName;
  /** Whether the reset gate acts after the recurrent product. Default: true. */
  resetAfter?: boolean;
}
export type GRUArgs = OverSequences<GRUCellArgs>;
/** The settings of an LSTM, with those of its convolutions. */
export interface ConvLSTM2DCellArgs extends Omit<LSTMCellArgs, 'units'> {
  filters: number;
  kernelSize: Pair;
  strides?: Pair;
  padding?: 'valid' | 'same';
  dilationRate?: Pair;
  dataFormat?: 'channelsLast';
}
export type ConvLSTM2DArgs = OverSequences<ConvLSTM2DCellArgs>;
export interface BidirectionalArgs extends LayerArgs {
  layer: Layer;
  mergeMode?: 'sum' | 'mul' | 'ave' | 'concat' | null;
  backwardLayer?: Layer;
}

/** A function that makes a layer which reads sequences. */
const reads = <Args extends object>(className: string) => needs<Args>(className) as (args: Args) => Reading;

/** Recurrent layers, their cells, and wrappers. */
export default {
  /**
   * Reads a sequence step by step: `h = tanh(x · kernel + h · recurrentKernel + bias)`.
   * @example layers.simpleRNN({ units: 2 }).apply(zeros([1, 5, 3])).shape; // → [1, 2]
   */
  simpleRNN: reads<SimpleRNNArgs>('SimpleRNN'),
  /**
   * Long short-term memory, with Keras' defaults.
   * @example layers.lstm({ units: 2, returnSequences: true }).apply(zeros([1, 5, 3])).shape; // → [1, 5, 2]
   */
  lstm: reads<LSTMArgs>('LSTM'),
  /**
   * Gated recurrent units, with Keras' defaults.
   * @example
   * const [last, state] = layers.gru({ units: 2, returnState: true }).apply(zeros([1, 5, 3]));
   * state.shape; // → [1, 2]
   */
  gru: reads<GRUArgs>('GRU'),
  /**
   * An LSTM over pictures, whose products are convolutions.
   * @example layers.convLstm2d({ filters: 2, kernelSize: 3 }).apply(zeros([1, 4, 8, 8, 1])).shape; // → [1, 6, 6, 2]
   */
  convLstm2d: reads<ConvLSTM2DArgs>('ConvLSTM2D'),
  /**
   * One step of `simpleRNN`, for `rnn`.
   * @example layers.rnn({ cell: layers.simpleRNNCell({ units: 2 }) }).apply(zeros([1, 5, 3])).shape; // → [1, 2]
   */
  simpleRNNCell: needs<SimpleRNNCellArgs>('SimpleRNNCell'),
  /**
   * One step of `lstm`, for `rnn`.
   * @example layers.rnn({ cell: layers.lstmCell({ units: 2 }) }).apply(zeros([1, 5, 3])).shape; // → [1, 2]
   */
  lstmCell: needs<LSTMCellArgs>('LSTMCell'),
  /**
   * One step of `gru`, for `rnn`.
   * @example layers.rnn({ cell: layers.gruCell({ units: 2 }) }).apply(zeros([1, 5, 3])).shape; // → [1, 2]
   */
  gruCell: needs<GRUCellArgs>('GRUCell'),
  /**
   * One step of `convLstm2d`, for `rnn`.
   * @example
   * const cell = layers.convLstm2dCell({ filters: 2, kernelSize: 3 });
   * layers.rnn({ cell }).apply(zeros([1, 4, 8, 8, 1])).shape; // → [1, 6, 6, 2]
   */
  convLstm2dCell: needs<ConvLSTM2DCellArgs>('ConvLSTM2DCell'),
  /**
   * Cells above each other as one.
   * @example
   * const cell = layers.stackedRNNCells({ cells: [layers.gruCell({ units: 4 }), layers.lstmCell({ units: 2 })] });
   * layers.rnn({ cell }).apply(zeros([1, 5, 3])).shape; // → [1, 2]
   */
  stackedRNNCells: needs<LayerArgs & { cells: Layer[] }>('StackedRNNCells'),
  /**
   * Reads sequences with a cell of the library, or of one's own.
   * @example layers.rnn({ cell: layers.gruCell({ units: 2 }), goBackwards: true }).apply(zeros([1, 5, 3])).shape; // → [1, 2]
   */
  rnn: (args: RNNArgs): RNN => new RNN(args),
  /** The classes of layers around cells, and of cells. */
  RNN,
  RNNCell,
  /**
   * Reads a sequence in both directions.
   * @example layers.bidirectional({ layer: layers.lstm({ units: 2 }) }).apply(zeros([1, 5, 3])).shape; // → [1, 4]
   */
  bidirectional: needs<BidirectionalArgs>('Bidirectional'),
  /**
   * The same layer for each step.
   * @example layers.timeDistributed({ layer: layers.dense({ units: 2 }) }).apply(zeros([1, 5, 3])).shape; // → [1, 5, 2]
   */
  timeDistributed: needs<LayerArgs & { layer: Layer }>('TimeDistributed'),
};
