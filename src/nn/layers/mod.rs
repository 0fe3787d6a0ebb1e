//! The layers, one file per family.
mod batch_normalization;
mod conv2d;
mod dense;
mod dropout;
mod lstm;
mod pooling;
mod shapes;

pub use batch_normalization::BatchNormalization;
pub use conv2d::Conv2D;
pub use dense::Dense;
pub use dropout::Dropout;
pub use lstm::LSTM;
pub use pooling::{AveragePooling2D, MaxPooling2D};
pub use shapes::{Flatten, Reshape};
