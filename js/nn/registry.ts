/** Classes of one's own, by the names under which they are saved. */

/** A class that is made again from its settings. */
export interface Registered {
  className: string;
  fromConfig?(config: Record<string, unknown>): object;
  new (config: never): object;
}

/** The library's layers and models. */
const LAYERS =
  'Dense Conv2D MaxPooling2D AveragePooling2D GlobalAveragePooling2D GlobalMaxPooling2D ' +
  'GlobalAveragePooling1D GlobalMaxPooling1D Flatten Reshape Permute RepeatVector ZeroPadding2D ' +
  'Cropping2D SimpleRNN LSTM GRU Embedding Masking BatchNormalization Bidirectional TimeDistributed Add ' +
  'Subtract Multiply Average Maximum Minimum Concatenate Dot ReLU LeakyReLU ELU Softmax Rescaling ' +
  'LayerNormalization GroupNormalization RMSNormalization UnitNormalization PReLU ThresholdedReLU ' +
  'MultiHeadAttention Attention AdditiveAttention GaussianNoise GaussianDropout AlphaDropout SpatialDropout1D ' +
  'SpatialDropout2D SpatialDropout3D ActivityRegularization ' +
  'Dropout Activation InputLayer Sequential Functional Model';
/** The library's regularizers, constraints and initializers. */
const PARTS =
  'L1 L2 L1L2 NonNeg MaxNorm UnitNorm MinMaxNorm Zeros Ones Constant RandomUniform RandomNormal ' +
  'TruncatedNormal GlorotUniform GlorotNormal HeUniform HeNormal LecunUniform LecunNormal Orthogonal ' +
  'Identity VarianceScaling';
/** Whether a class of the library has this name: a model that was saved with that class is loaded with it. */
export const isTaken = (name: string): boolean => `${LAYERS} ${PARTS}`.split(' ').includes(name);

const registered = new Map<string, Registered>();

export function register(name: string, theClass: Registered): void {
  registered.set(name, theClass);
}

/** The class registered under a name. */
export const classNamed = (name: string): Registered | undefined => registered.get(name);

/** The object of a class with these settings. */
export const fromConfig = (theClass: Registered, config: Record<string, unknown>): unknown =>
  theClass.fromConfig ? theClass.fromConfig(config) : new theClass(config as never);
