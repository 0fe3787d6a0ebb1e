//! One file per operation: its formula, shapes and derivative, what it remembers, and its tests. What differs only in a
//! formula is a row of a table: functions of one number in `unary.rs`, of two in `binary.rs`.
//!
//! **Where an op's parts go.** The loop over slices is a kernel; the file here checks shapes, calls the
//! kernel and writes the derivative *with other ops*, so that every derivative can be differentiated
//! again. Ops are methods of [`Tensor`](crate::Tensor). To add one: a row of a table and its kernel, or else its file and
//! one `mod` line below.
//!
//! **Memory.** An op that returns a `Result` asks for the buffers it is about to make
//! (`memory::ask_for`). An op that returns a bare `Tensor` relies on its caller, who asks by
//! `x.room_for("exp")?.exp()`. Before a derivative runs, the walk back has asked for one gradient of the size of each
//! input.
mod arg_extremes;
mod attention;
mod average_pool;
mod batch_norm;
mod binary;
mod broadcast;
mod clamp;
mod concat;
mod conv1d;
mod conv2d;
mod conv3d;
mod cross_entropy;
mod cumsum;
mod dense;
mod depthwise_conv2d;
mod dropout;
mod extremes;
mod fourier;
mod gate;
mod gather;
mod layer_norm;
mod leaky_relu;
mod log_softmax;
mod matmul;
mod max_pool;
mod mean;
mod mse;
mod pictures;
mod prod;
mod recurrent;
mod resample;
mod reshape;
mod reverse;
mod scale;
mod select;
mod side_by_side;
mod slice;
mod softmax;
mod sum;
mod tile;
mod transpose;
mod unary;

pub use crate::kernels::conv::Padding;
pub use attention::Heads;
pub(crate) use attention::causal;
pub use batch_norm::Normalized;
pub use binary::{BINARY, Binary};
pub use conv3d::Moves;
pub use pictures::{Beyond, Interpolation};
pub use recurrent::{Cell, Reading, Recurrence, Recurrent};
pub use unary::{UNARY, Unary};
