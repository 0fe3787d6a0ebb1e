/** Layers that read sequences, and layers around layers. */
import type { LayerArgs } from '../args.js';
import type { Layer } from '../layer.js';
import { type ReadingArgs, RNN, type RNNArgs, RNNCell } from '../rnn.js';
import {
  type ActivationName,
  type ConstraintName,
  type InitializerName,
  needs,
  type Pair,
  type RegularizerName,
  type Weighted,
} from './make.js';

export interface CellArgs extends Weighted {
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
export type SimpleRNNCellArgs = CellArgs;
export type SimpleRNNArgs = OverSequences<SimpleRNNCellArgs>;
/** The defaults are Keras': `recurrentActivation` is `sigmoid` (TensorFlow.js: `hardSigmoid`). */
export interface LSTMCellArgs extends CellArgs {
  recurrentActivation?: ActivationName;
  /** Whether the forget gate's bias starts as 1. Default: true. */
  unitForgetBias?: boolean;
}
export type LSTMArgs = OverSequences<LSTMCellArgs>;
/** The defaults are Keras': `resetAfter` is true (TensorFlow.js knows false only). */
export interface GRUCellArgs extends CellArgs {
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

/** Recurrent layers, their cells, and wrappers. */
export const recurrent = {
  simpleRNN: needs<SimpleRNNArgs>('SimpleRNN'),
  lstm: needs<LSTMArgs>('LSTM'),
  gru: needs<GRUArgs>('GRU'),
  convLstm2d: needs<ConvLSTM2DArgs>('ConvLSTM2D'),
  simpleRNNCell: needs<SimpleRNNCellArgs>('SimpleRNNCell'),
  lstmCell: needs<LSTMCellArgs>('LSTMCell'),
  gruCell: needs<GRUCellArgs>('GRUCell'),
  convLstm2dCell: needs<ConvLSTM2DCellArgs>('ConvLSTM2DCell'),
  stackedRNNCells: needs<LayerArgs & { cells: Layer[] }>('StackedRNNCells'),
  /** Reads sequences with a cell of the library, or of one's own. */
  rnn: (args: RNNArgs): RNN => new RNN(args),
  /** The classes of layers around cells, and of cells. */
  RNN,
  RNNCell,
  bidirectional: needs<BidirectionalArgs>('Bidirectional'),
  timeDistributed: needs<LayerArgs & { layer: Layer }>('TimeDistributed'),
};
