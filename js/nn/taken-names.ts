/** The names of the library's classes, which classes of one's own cannot have. */

/** The library's layers and models. */
const LAYERS =
  'Dense Conv1D Conv2D Conv3D Conv2DTranspose Conv3DTranspose DepthwiseConv2D SeparableConv1D SeparableConv2D ' +
  'MaxPooling1D MaxPooling3D AveragePooling1D AveragePooling3D GlobalAveragePooling3D GlobalMaxPooling3D ' +
  'UpSampling1D UpSampling2D UpSampling3D ZeroPadding1D ZeroPadding3D Cropping1D Cropping3D ' +
  'MaxPooling2D AveragePooling2D GlobalAveragePooling2D GlobalMaxPooling2D ' +
  'GlobalAveragePooling1D GlobalMaxPooling1D Flatten Reshape Permute RepeatVector ZeroPadding2D ' +
  'Cropping2D SimpleRNN LSTM GRU RNN SimpleRNNCell LSTMCell GRUCell StackedRNNCells ConvLSTM2D ConvLSTM2DCell Embedding Masking BatchNormalization Bidirectional TimeDistributed Add ' +
  'Subtract Multiply Average Maximum Minimum Concatenate Dot ReLU LeakyReLU ELU Softmax Rescaling ' +
  'Resizing CenterCrop CategoryEncoding RandomFlip RandomRotation RandomZoom RandomTranslation RandomContrast ' +
  'RandomBrightness RandomCrop Normalization Identity GroupNormalization LayerNormalization RMSNormalization UnitNormalization PReLU ' +
  'ThresholdedReLU GaussianNoise GaussianDropout AlphaDropout SpatialDropout1D SpatialDropout2D SpatialDropout3D ' +
  'ActivityRegularization MultiHeadAttention Attention AdditiveAttention Dropout Activation InputLayer Sequential Functional Model';
/** The library's regularizers, constraints and initializers. */
const PARTS =
  'L1 L2 L1L2 OrthogonalRegularizer NonNeg MaxNorm UnitNorm MinMaxNorm Zeros Ones Constant RandomUniform RandomNormal ' +
  'TruncatedNormal GlorotUniform GlorotNormal HeUniform HeNormal LecunUniform LecunNormal Orthogonal ' +
  'Identity VarianceScaling';
/** Whether a class of the library has this name: a model that was saved with that class is loaded with it. */
export const isTaken = (name: string): boolean => `${LAYERS} ${PARTS}`.split(' ').includes(name);
