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
export const sequence = {
  embedding: needs<EmbeddingArgs>('Embedding', embedding),
  masking: maker<LayerArgs & { maskValue?: number }>('Masking'),
};
