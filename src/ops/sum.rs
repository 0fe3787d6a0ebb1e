//! Sums over axes. Derivative: `dy` repeated along them.
use crate::Result;
use crate::kernels::reduce;
use crate::memory::{Buffer, ask_for};
use crate::simd::Native;
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Gradient, Inputs, Op};
use crate::tensor::shape::{MAX_RANK, Shape, resolve_axis};
use smallvec::smallvec;

struct Sum {
    /// The output's shape with the summed axes kept at length 1.
    kept: Shape,
}

impl Op for Sum {
    fn name(&self) -> &'static str {
        "sum"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        Ok(smallvec![Some(
            at.dy
                .reshape(&self.kept)?
                .broadcast_to(at.input(0).shape())?
                .into(),
        )])
    }
}

impl Tensor {
    /// The sum over `axes` (−1 is the last; none named means all); `keep` leaves them with length 1.
    ///
    /// # Errors
    /// An axis outside the shape.
    pub fn sum(&self, axes: &[isize], keep: bool) -> Result<Tensor> {
        let reduced = reduced_axes("sum", axes, self.shape())?;
        let shape = if keep {
            keep_axes(self.shape(), &reduced)
        } else {
            squeeze(self.shape(), &reduced)
        };
        self.sum_as(&reduced, shape)
    }

    /// The sum over the axes that are `reduced`, under a shape of as many values.
    pub(super) fn sum_as(&self, reduced: &Reduced, shape: Shape) -> Result<Tensor> {
        let mut kept = *self.shape();
        let mut data: Option<Buffer> = None;
        for axis in (0..kept.len()).rev().filter(|&axis| reduced[axis]) {
            let x = data.as_deref().unwrap_or(self.data());
            ask_for("sum", &[kept.with(axis, 1).size()])?;
            data = Some(sum_axis(x, kept.around(axis)));
            kept = kept.with(axis, 1);
        }
        let data = match data {
            Some(data) => data,
            None => self.copied("sum")?,
        };
        Ok(Tensor::of(Sum { kept }, &[self], data, shape))
    }
}

/// Sums the middle of `outer × n × inner`.
fn sum_axis(x: &[f32], (outer, n, inner): (usize, usize, usize)) -> Buffer {
    let mut y = Buffer::zeros(outer * inner);
    if n > 0 && inner == 1 {
        y.iter_mut()
            .zip(x.chunks_exact(n))
            .for_each(|(y, row)| *y = reduce::sum::<Native>(row));
    } else if n > 0 && inner > 0 {
        for (y, block) in y.chunks_exact_mut(inner).zip(x.chunks_exact(n * inner)) {
            reduce::sum_rows::<Native>(block, y);
        }
    }
    y
}

/// For each axis, whether it is reduced.
pub(super) type Reduced = [bool; MAX_RANK];

/// Those named in `axes`; all where none is named.
pub(super) fn reduced_axes(op: &str, axes: &[isize], shape: &[usize]) -> Result<Reduced> {
    let mut reduced = [axes.is_empty(); MAX_RANK];
    for &axis in axes {
        reduced[resolve_axis(op, axis, shape)?] = true;
    }
    Ok(reduced)
}

/// The shape with length 1 along the axes that are reduced.
pub(super) fn keep_axes(shape: &Shape, reduced: &Reduced) -> Shape {
    let axes = (0..shape.len()).filter(|&axis| reduced[axis]);
    axes.fold(*shape, |shape, axis| shape.with(axis, 1))
}

/// The shape without the axes that are reduced.
pub(super) fn squeeze(shape: &Shape, reduced: &Reduced) -> Shape {
    let axes = (0..shape.len()).rev().filter(|&axis| reduced[axis]);
    axes.fold(*shape, Shape::without)
}
