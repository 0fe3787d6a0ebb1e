/** Layers that make and mark sequences. */
import type { LayerArgs } from '../args.js';
import type { Dims } from '../symbolic.js';
import { type ConstraintName, type InitializerName, maker, needs, type RegularizerName } from './make.js';

export interface EmbeddingArgs extends LayerArgs {
  inputDim: number;
  outputDim: number;
  embeddingsInitializer?: InitializerName;
  embeddingsRegularizer?: RegularizerName;
  embeddingsConstraint?: ConstraintName;
  maskZero?: boolean;
  /** The length of a sequence, when this is a model's first layer. */
  inputLength?: number | number[];
}
function embedding({ inputLength, ...args }: EmbeddingArgs): LayerArgs {
  if (inputLength === undefined || inputLength === null) return args;
  return { inputShape: [inputLength].flat() as Dims, ...args };
}

/** Embeddings and masks. */
export default {
  /**
   * A learned vector for each whole number below `inputDim`.
   * @example layers.embedding({ inputDim: 10, outputDim: 4 }).apply([[1, 2, 3]]).shape; // → [1, 3, 4]
   */
  embedding: needs<EmbeddingArgs>('Embedding', embedding),
  /**
   * Steps that have `maskValue` everywhere are passed over by the layers that follow.
   * @example
   * const model = sequential({ layers: [layers.masking({ inputShape: [3, 1] }), layers.globalAveragePooling1d()] });
   * model.predict([[[2], [4], [0]]]); // → [[3]]
   */
  masking: maker<LayerArgs & { maskValue?: number }>('Masking'),
};
