//! One file per operation: its formula, shapes and derivative, what it remembers, and its tests.
//!
//! **Where an op's parts go.** The loop over slices is a kernel; the file here checks shapes, calls the
//! kernel and writes the derivative *with other ops*, so that every derivative can be differentiated
//! again. Ops are methods of [`Tensor`]. To add one: its file, and one `mod` line below.
//!
//! **Memory.** An op that returns a `Result` asks for the buffers it is about to make ([`ask_for`]). One that does not
//! relies on its caller, who writes `x.room_for("exp")?.exp()`; the walk back has asked for a gradient of the size of
//! each input.
use crate::base::error::Result;
use crate::memory::{Buffer, ask_for};
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;

mod abs;
mod add;
mod argmax;
mod average_pool;
mod broadcast;
mod clamp;
mod concat;
mod conv2d;
mod cross_entropy;
mod dense;
mod div;
mod dropout;
mod erf;
mod exp;
mod gather;
mod log;
mod log_softmax;
mod lstm;
mod matmul;
mod max;
mod max_pool;
mod mean;
mod mse;
mod mul;
mod neg;
mod pow;
mod relu;
mod reshape;
mod sigmoid;
mod slice;
mod softmax;
mod sqrt;
mod sub;
mod sum;
mod tanh;
mod transpose;

pub use crate::kernels::conv::Padding;
pub use lstm::{Cell, Reading};

/// The result of a kernel that writes one value for each value of `x`.
fn map(x: &Tensor, kernel: impl Fn(&[f32], &mut [f32])) -> Buffer {
    let mut y = Buffer::dirty(x.data().len());
    kernel(x.data(), &mut y);
    y
}

/// A binary kernel over two slices of one length, and its form for the rows of a matrix with one row.
type Pairwise = fn(&[f32], &[f32], &mut [f32]);

/// A binary op with broadcasting. Equal shapes, and a right operand that repeats along leading axes (a
/// bias), are read where they stand; other operands are repeated first.
fn combine(
    op: &str,
    a: &Tensor,
    b: &Tensor,
    each: Pairwise,
    rows: Pairwise,
) -> Result<(Buffer, Shape)> {
    let shape = Shape::broadcast(op, a.shape(), b.shape())?;
    ask_for(op, &[shape.size()])?;
    let mut y = Buffer::dirty(shape.size());
    if *a.shape() == shape && shape.ends_with(b.shape()) {
        rows(a.data(), b.data(), &mut y);
    } else {
        let (a, b) = (
            a.detach().broadcast_to(&shape)?,
            b.detach().broadcast_to(&shape)?,
        );
        each(a.data(), b.data(), &mut y);
    }
    Ok((y, shape))
}
