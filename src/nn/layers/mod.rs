//! The layers, one file per family.
mod activations;
mod batch_normalization;
mod conv2d;
mod convolutions;
mod dense;
mod depthwise;
mod dropout;
mod edges;
mod embedding;
mod global_pooling;
mod kernel_and_bias;
mod masking;
mod merge;
mod pooling;
mod recurrent;
mod shapes;
mod up_sampling;
mod wrappers;

pub use activations::{ELU, LeakyReLU, ReLU, Rescaling, Softmax};
pub use batch_normalization::BatchNormalization;
pub use conv2d::Conv2D;
pub use convolutions::{Conv1D, Conv2DTranspose, Conv3D, Conv3DTranspose, OrCausal};
pub use dense::Dense;
pub use depthwise::{DepthwiseConv2D, SeparableConv1D, SeparableConv2D};
pub use dropout::Dropout;
pub use edges::{
    Cropping1D, Cropping2D, Cropping3D, Edges, ZeroPadding1D, ZeroPadding2D, ZeroPadding3D,
};
pub use embedding::Embedding;
pub use global_pooling::{
    GlobalAveragePooling1D, GlobalAveragePooling2D, GlobalAveragePooling3D, GlobalMaxPooling1D,
    GlobalMaxPooling2D, GlobalMaxPooling3D,
};
pub use masking::Masking;
pub use merge::{Add, Average, Axes, Concatenate, Dot, Maximum, Minimum, Multiply, Subtract};
pub use pooling::{
    AveragePooling1D, AveragePooling2D, AveragePooling3D, MaxPooling1D, MaxPooling2D, MaxPooling3D,
};
pub use recurrent::{GRU, LSTM, SimpleRNN};
pub use shapes::{Flatten, Permute, RepeatVector, Reshape};
pub use up_sampling::{Interpolation, UpSampling1D, UpSampling2D, UpSampling3D};
pub use wrappers::{Bidirectional, Inside, Merge, TimeDistributed};
