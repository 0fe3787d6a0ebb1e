/** The layers that TensorFlow.js 4.22 has, and the settings that it reads of each. */

const KERNEL = 'kernel_initializer kernel_regularizer kernel_constraint';
const BIAS = 'use_bias bias_initializer bias_regularizer bias_constraint';
const WINDOW = 'kernel_size strides padding data_format dilation_rate';
const CONV = `filters ${WINDOW} activation activity_regularizer ${KERNEL} ${BIAS}`;
const DEPTHWISE = 'depth_multiplier depthwise_initializer depthwise_regularizer depthwise_constraint';
const POINTWISE = 'pointwise_initializer pointwise_regularizer pointwise_constraint';
const POOL = 'pool_size strides padding';
const CELL = `units activation ${KERNEL} ${BIAS} recurrent_initializer recurrent_regularizer recurrent_constraint dropout recurrent_dropout`;
const GATED = `${CELL} recurrent_activation`;
const READING = 'return_sequences return_state go_backwards stateful unroll';
const RNN = `${READING} activity_regularizer`;
const CONV_CELL = `${GATED.replace('units ', 'filters ')} ${WINDOW} unit_forget_bias`;
const SCALED =
  'axis epsilon center scale beta_initializer gamma_initializer beta_regularizer gamma_regularizer';

/** The settings that TensorFlow.js reads, by class, besides those that every layer has. */
const SETTINGS: Readonly<Record<string, string>> = {
  InputLayer: '',
  Dense: `units activation activity_regularizer ${KERNEL} ${BIAS}`,
  Activation: 'activation',
  Dropout: 'rate noise_shape',
  SpatialDropout1D: 'rate',
  GaussianNoise: 'stddev',
  GaussianDropout: 'rate',
  AlphaDropout: 'rate noise_shape',
  Flatten: 'data_format',
  RepeatVector: 'n',
  Reshape: 'target_shape',
  Permute: 'dims',
  Masking: 'mask_value',
  Embedding:
    'input_dim output_dim embeddings_initializer embeddings_regularizer embeddings_constraint activity_regularizer mask_zero',
  ReLU: 'max_value',
  LeakyReLU: 'alpha',
  PReLU: 'alpha_initializer alpha_regularizer alpha_constraint shared_axes',
  ELU: 'alpha',
  ThresholdedReLU: 'theta',
  Softmax: 'axis',
  Conv1D: CONV.replace('data_format ', ''),
  Conv2D: CONV,
  Conv3D: CONV,
  Conv2DTranspose: CONV.replace('dilation_rate ', ''),
  Conv3DTranspose: CONV.replace('dilation_rate ', ''),
  DepthwiseConv2D: `${WINDOW} activation activity_regularizer ${BIAS} ${DEPTHWISE}`,
  SeparableConv2D: `filters ${WINDOW} activation activity_regularizer ${BIAS} ${DEPTHWISE} ${POINTWISE}`,
  MaxPooling1D: POOL,
  AveragePooling1D: POOL,
  MaxPooling2D: `${POOL} data_format`,
  AveragePooling2D: `${POOL} data_format`,
  MaxPooling3D: `${POOL} data_format`,
  AveragePooling3D: `${POOL} data_format`,
  GlobalAveragePooling1D: '',
  GlobalMaxPooling1D: '',
  GlobalAveragePooling2D: 'data_format',
  GlobalMaxPooling2D: 'data_format',
  UpSampling2D: 'size data_format interpolation',
  ZeroPadding2D: 'padding data_format',
  Cropping2D: 'cropping data_format',
  BatchNormalization: `${SCALED} momentum moving_mean_initializer moving_variance_initializer beta_constraint gamma_constraint`,
  LayerNormalization: SCALED,
  Add: '',
  Multiply: '',
  Average: '',
  Maximum: '',
  Minimum: '',
  Concatenate: 'axis',
  Dot: 'axes normalize',
  Rescaling: 'scale offset',
  Resizing: 'height width interpolation crop_to_aspect_ratio',
  CenterCrop: 'height width',
  CategoryEncoding: 'num_tokens output_mode',
  SimpleRNNCell: CELL,
  LSTMCell: `${GATED} unit_forget_bias`,
  GRUCell: `${GATED} reset_after`,
  SimpleRNN: `${CELL} ${RNN}`,
  LSTM: `${GATED} unit_forget_bias ${RNN}`,
  GRU: `${GATED} reset_after ${RNN}`,
  ConvLSTM2DCell: CONV_CELL,
  ConvLSTM2D: `${CONV_CELL} ${RNN}`,
  RNN: `cell ${RNN}`,
  StackedRNNCells: 'cells',
  TimeDistributed: 'layer',
  Bidirectional: 'layer merge_mode',
};

/** The settings that TensorFlow.js reads of a class; undefined where it does not have the class. */
export const settingsOf = (className: string): readonly string[] | undefined =>
  Object.hasOwn(SETTINGS, className) ? SETTINGS[className]!.split(' ') : undefined;

/** The classes of models. */
export const isModel = (className: unknown): boolean =>
  className === 'Sequential' || className === 'Functional' || className === 'Model';

/**
 * Settings of Keras 3 that TensorFlow.js does not have, with the value that means nothing; `any` for those that change
 * neither what a layer answers nor how it trains.
 */
export const MEANINGLESS: Readonly<Record<string, unknown>> = {
  seed: 'any',
  dtype: 'any',
  use_cudnn: 'any',
  zero_output_for_mask: 'any',
  synchronized: 'any',
  renorm_momentum: 'any',
  fill_mode: 'any',
  fill_value: 'any',
  antialias: false,
  sparse: false,
  renorm: false,
  rms_scaling: false,
  keepdims: false,
  pad_to_aspect_ratio: false,
  data_format: 'channels_last',
  groups: 1,
  negative_slope: 0,
  threshold: 0,
  dilation_rate: 1,
};

/** The activations that TensorFlow.js reads, by our names. */
export const ACTIVATIONS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    'linear relu relu6 elu selu sigmoid tanh softmax softplus softsign gelu mish swish log_softmax'
      .split(' ')
      .map((name) => [name, name]),
  ),
  keras2_hard_sigmoid: 'hard_sigmoid',
};
