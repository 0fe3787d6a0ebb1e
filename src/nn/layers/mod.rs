//! The layers, one file per family.
mod activations;
mod batch_normalization;
mod conv2d;
mod dense;
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
mod wrappers;

pub use activations::{ELU, LeakyReLU, ReLU, Rescaling, Softmax};
pub use batch_normalization::BatchNormalization;
pub use conv2d::Conv2D;
pub use dense::Dense;
pub use dropout::Dropout;
pub use edges::{Cropping2D, Edges, ZeroPadding2D};
pub use embedding::Embedding;
pub use global_pooling::{
    GlobalAveragePooling1D, GlobalAveragePooling2D, GlobalMaxPooling1D, GlobalMaxPooling2D,
};
pub use masking::Masking;
pub use merge::{Add, Average, Axes, Concatenate, Dot, Maximum, Minimum, Multiply, Subtract};
pub use pooling::{AveragePooling2D, MaxPooling2D};
pub use recurrent::{
    ConvLSTM2D, ConvLSTM2DCell, Cudnn, GRU, GRUCell, LSTM, LSTMCell, RNN, SimpleRNN, SimpleRNNCell,
    StackedRNNCells, Stateful,
};
pub use shapes::{Flatten, Permute, RepeatVector, Reshape};
pub use wrappers::{Bidirectional, Inside, Merge, TimeDistributed};
