//! Sums over axes. Derivative: `dy` repeated along them.
use crate::Result;
use crate::autograd::{Backward, Op};
use crate::buffer::Buffer;
use crate::kernels::reduce;
use crate::shape::{Shape, resolve_axis};
use crate::simd::Native;
use crate::tensor::Tensor;
use alloc::{vec, vec::Vec};

struct Sum {
    /// The output's shape with the summed axes kept at length 1.
    kept: Shape,
}

impl Op for Sum {
    fn name(&self) -> &'static str {
        "sum"
    }

    fn backward(&self, at: &Backward) -> Result<Vec<Option<Tensor>>> {
        Ok(vec![Some(
            at.dy
                .reshape(&self.kept)?
                .broadcast_to(at.input(0).shape())?,
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
        let mut kept = *self.shape();
        let mut data: Option<Buffer> = None;
        for axis in (0..kept.len()).rev().filter(|&axis| reduced[axis]) {
            let x = data.as_deref().unwrap_or(self.data());
            data = Some(sum_axis(x, kept.around(axis)));
            kept = kept.with(axis, 1);
        }
        let shape = if keep { kept } else { squeeze(&kept, &reduced) };
        Ok(Tensor::of(
            Sum { kept },
            &[self],
            data.unwrap_or_else(|| self.data().iter().copied().collect()),
            shape,
        ))
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

/// For each axis, whether it is named in `axes`; all are where none is named.
pub(super) fn reduced_axes(op: &str, axes: &[isize], shape: &[usize]) -> Result<Vec<bool>> {
    let mut reduced = vec![axes.is_empty(); shape.len()];
    for &axis in axes {
        reduced[resolve_axis(op, axis, shape)?] = true;
    }
    Ok(reduced)
}

/// The shape without the axes that were reduced.
pub(super) fn squeeze(kept: &Shape, reduced: &[bool]) -> Shape {
    (0..kept.len())
        .rev()
        .filter(|&axis| reduced[axis])
        .fold(*kept, Shape::without)
}
