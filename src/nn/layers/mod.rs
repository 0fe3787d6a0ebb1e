//! The layers, one file per family.
mod activations;
mod attention;
mod axes;
mod batch_normalization;
mod conv2d;
mod dense;
mod dropout;
mod edges;
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
mod recurrent;
mod shapes;
mod wrappers;

pub use activations::{ELU, LeakyReLU, ReLU, Rescaling, Softmax};
pub use attention::{AdditiveAttention, Attention, MultiHeadAttention, ScoreMode};
pub use axes::AxisList;
pub use batch_normalization::BatchNormalization;
pub use conv2d::Conv2D;
pub use dense::Dense;
pub use dropout::Dropout;
pub use edges::{Cropping2D, Edges, ZeroPadding2D};
pub use embedding::Embedding;
pub use global_pooling::{
    GlobalAveragePooling1D, GlobalAveragePooling2D, GlobalMaxPooling1D, GlobalMaxPooling2D,
};
pub use group_normalization::GroupNormalization;
pub use layer_normalization::{LayerNormalization, RMSNormalization, UnitNormalization};
pub use masking::Masking;
pub use merge::{Add, Average, Axes, Concatenate, Dot, Maximum, Minimum, Multiply, Subtract};
pub use noise::{
    ActivityRegularization, AlphaDropout, GaussianDropout, GaussianNoise, SpatialDropout1D,
    SpatialDropout2D, SpatialDropout3D,
};
pub use pooling::{AveragePooling2D, MaxPooling2D};
pub use prelu::{PReLU, ThresholdedReLU};
pub use recurrent::{GRU, LSTM, SimpleRNN};
pub use shapes::{Flatten, Permute, RepeatVector, Reshape};
pub use wrappers::{Bidirectional, Inside, Merge, TimeDistributed};
