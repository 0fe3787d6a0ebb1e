/** The classes of the library's layers. `npm run build` writes this file from the table in src/nn/layers/mod.rs. */
export const LAYER_CLASSES =
  'Dense Conv2D MaxPooling2D Flatten Reshape Dropout Activation AveragePooling2D GlobalAveragePooling1D ' +
  'GlobalMaxPooling1D GlobalAveragePooling2D GlobalMaxPooling2D GlobalAveragePooling3D ' +
  'GlobalMaxPooling3D AveragePooling1D MaxPooling1D AveragePooling3D MaxPooling3D Conv1D Conv3D ' +
  'Conv2DTranspose Conv3DTranspose DepthwiseConv2D SeparableConv1D SeparableConv2D SimpleRNN GRU LSTM ' +
  'SimpleRNNCell GRUCell LSTMCell RNN StackedRNNCells ConvLSTM2D ConvLSTM2DCell Bidirectional ' +
  'TimeDistributed BatchNormalization GroupNormalization LayerNormalization RMSNormalization ' +
  'UnitNormalization Embedding Masking Concatenate Add Subtract Multiply Average Maximum Minimum Dot ' +
  'ReLU LeakyReLU ELU PReLU ThresholdedReLU Softmax Rescaling Identity GaussianNoise GaussianDropout ' +
  'AlphaDropout SpatialDropout1D SpatialDropout2D SpatialDropout3D ActivityRegularization ' +
  'MultiHeadAttention Attention AdditiveAttention Permute RepeatVector ZeroPadding1D ZeroPadding2D ' +
  'ZeroPadding3D Cropping1D Cropping2D Cropping3D UpSampling1D UpSampling2D UpSampling3D Resizing ' +
  'CenterCrop CategoryEncoding RandomFlip RandomRotation RandomZoom RandomTranslation RandomContrast ' +
  'RandomBrightness RandomCrop Normalization';
