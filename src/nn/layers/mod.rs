//! The layers, one file per family.
mod activations;
mod attention;
mod axes;
mod batch_normalization;
mod conv2d;
mod convolutions;
mod dense;
mod depthwise;
mod dropout;
mod edges;
#[cfg(feature = "embedding")]
mod embedding;
mod global_pooling;
mod group_normalization;
mod kernel_and_bias;
mod layer_normalization;
mod masking;
mod merge;
mod noise;
mod pooling;
mod prelu;
mod preprocessing;
mod recurrent;
mod shapes;
mod up_sampling;
mod wrappers;

pub use activations::{ELU, Identity, LeakyReLU, ReLU, Rescaling, Softmax};
pub use attention::{AdditiveAttention, Attention, MultiHeadAttention, ScoreMode};
pub use axes::AxisList;
pub use batch_normalization::BatchNormalization;
pub use conv2d::Conv2D;
pub use convolutions::{Conv1D, Conv2DTranspose, Conv3D, Conv3DTranspose, OrCausal};
pub use dense::Dense;
pub use depthwise::{DepthwiseConv2D, SeparableConv1D, SeparableConv2D};
pub use dropout::Dropout;
pub use edges::{
    Cropping1D, Cropping2D, Cropping3D, Edges, ZeroPadding1D, ZeroPadding2D, ZeroPadding3D,
};
#[cfg(feature = "embedding")]
pub use embedding::Embedding;
pub use global_pooling::{
    GlobalAveragePooling1D, GlobalAveragePooling2D, GlobalAveragePooling3D, GlobalMaxPooling1D,
    GlobalMaxPooling2D, GlobalMaxPooling3D,
};
pub use group_normalization::GroupNormalization;
pub use layer_normalization::{LayerNormalization, RMSNormalization, UnitNormalization};
pub use masking::Masking;
pub use merge::{Add, Average, Axes, Concatenate, Dot, Maximum, Minimum, Multiply, Subtract};
pub use noise::{
    ActivityRegularization, AlphaDropout, GaussianDropout, GaussianNoise, SpatialDropout1D,
    SpatialDropout2D, SpatialDropout3D,
};
pub use pooling::{
    AveragePooling1D, AveragePooling2D, AveragePooling3D, MaxPooling1D, MaxPooling2D, MaxPooling3D,
};
pub use prelu::{PReLU, ThresholdedReLU};
pub use preprocessing::{
    CategoryEncoding, CenterCrop, Encoding, Flips, Given, KeptAxes, Normalization,
    RandomBrightness, RandomContrast, RandomCrop, RandomFlip, RandomRotation, RandomTranslation,
    RandomZoom, Resizing, Span, ValueRange,
};
pub use recurrent::{
    ConvLSTM2D, ConvLSTM2DCell, Cudnn, GRU, GRUCell, LSTM, LSTMCell, RNN, SimpleRNN, SimpleRNNCell,
    StackedRNNCells, Stateful,
};
pub use shapes::{Flatten, Permute, RepeatVector, Reshape};
pub use up_sampling::{Interpolation, UpSampling1D, UpSampling2D, UpSampling3D};
pub use wrappers::{Bidirectional, Inside, Merge, TimeDistributed};
