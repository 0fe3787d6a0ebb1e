/** Layers that read sequences, and layers around layers. */
import type { LayerArgs } from '../args.js';
import type { Layer } from '../layer.js';
import {
  type ActivationName,
  type ConstraintName,
  type InitializerName,
  needs,
  type RegularizerName,
  type Weighted,
} from './make.js';

export interface RecurrentArgs extends Weighted {
  units: number;
  recurrentInitializer?: InitializerName;
  recurrentRegularizer?: RegularizerName;
  recurrentConstraint?: ConstraintName;
  dropout?: number;
  recurrentDropout?: number;
  /** The output of every step, not just the last. Default: false. */
  returnSequences?: boolean;
  /** The last state as further results. Default: false. */
  returnState?: boolean;
  goBackwards?: boolean;
  stateful?: false;
  /** These two say how to compute, not what: they change nothing here. */
  unroll?: boolean;
  implementation?: number;
}
export type SimpleRNNArgs = RecurrentArgs;
/** The defaults are Keras': `recurrentActivation` is `sigmoid` (TensorFlow.js: `hardSigmoid`). */
export interface LSTMArgs extends RecurrentArgs {
  recurrentActivation?: ActivationName;
  /** Whether the forget gate's bias starts as 1. Default: true. */
  unitForgetBias?: boolean;
}
/** The defaults are Keras': `resetAfter` is true (TensorFlow.js knows false only). */
export interface GRUArgs extends RecurrentArgs {
  recurrentActivation?: ActivationName;
  /** Whether the reset gate acts after the recurrent product. Default: true. */
  resetAfter?: boolean;
}
export interface BidirectionalArgs extends LayerArgs {
  layer: Layer;
  mergeMode?: 'sum' | 'mul' | 'ave' | 'concat' | null;
  backwardLayer?: Layer;
}

/** Recurrent layers and wrappers. */
export const recurrent = {
  simpleRNN: needs<SimpleRNNArgs>('SimpleRNN'),
  lstm: needs<LSTMArgs>('LSTM'),
  gru: needs<GRUArgs>('GRU'),
  bidirectional: needs<BidirectionalArgs>('Bidirectional'),
  timeDistributed: needs<LayerArgs & { layer: Layer }>('TimeDistributed'),
};
