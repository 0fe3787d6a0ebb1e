//! The greatest value over axes. Derivative: `dy` where `x` is the greatest, shared equally by equals.
use super::sum::{Reduced, reduced_axes, squeeze};
use crate::base::error::{Result, bail};
use crate::memory::{Buffer, ask_for};
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Gradient, Inputs, Op};
use crate::tensor::shape::Shape;
use smallvec::smallvec;

struct Max {
    kept: Shape,
    reduced: Reduced,
}

impl Op for Max {
    fn name(&self) -> &'static str {
        "max"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        let x = at.input(0);
        let y = at.y.detach().reshape(&self.kept)?.broadcast_to(x.shape())?;
        ask_for(self.name(), &[x.data().len()])?;
        let equal = x
            .data()
            .iter()
            .zip(y.data())
            .map(|(x, y)| if x == y { 1.0 } else { 0.0 })
            .collect::<Buffer>();
        let equal = Tensor::leaf(equal, *x.shape());
        let share = equal.div(&equal.sum_as(&self.reduced, self.kept)?)?;
        Ok(smallvec![Some(
            at.dy.reshape(&self.kept)?.mul(&share)?.into()
        )])
    }
}

impl Tensor {
    /// The greatest value over `axes` (−1 is the last; none named means all); `keep` leaves them with
    /// length 1. NaN wins.
    ///
    /// # Errors
    /// An axis outside the shape, or an axis of length 0.
    pub fn max(&self, axes: &[isize], keep: bool) -> Result<Tensor> {
        let reduced = reduced_axes("max", axes, self.shape())?;
        let mut kept = *self.shape();
        let mut data: Option<Buffer> = None;
        for axis in (0..kept.len()).rev().filter(|&axis| reduced[axis]) {
            if kept[axis] == 0 {
                bail!(Shape, "max: axis {axis} of {:?} is empty", self.shape());
            }
            let x = data.as_deref().unwrap_or(self.data());
            ask_for("max", &[kept.with(axis, 1).size()])?;
            data = Some(max_axis(x, kept.around(axis)));
            kept = kept.with(axis, 1);
        }
        let shape = if keep { kept } else { squeeze(&kept, &reduced) };
        let data = match data {
            Some(data) => data,
            None => self.copied("max")?,
        };
        Ok(Tensor::of(Max { kept, reduced }, &[self], data, shape))
    }
}

fn max_axis(x: &[f32], (outer, n, inner): (usize, usize, usize)) -> Buffer {
    let mut y = Buffer::dirty(outer * inner);
    y.fill(f32::NEG_INFINITY);
    for block in 0..outer {
        for row in x[block * n * inner..][..n * inner].chunks_exact(inner.max(1)) {
            let best = &mut y[block * inner..][..inner];
            best.iter_mut()
                .zip(row)
                .for_each(|(best, &x)| *best = if x > *best || x.is_nan() { x } else { *best });
        }
    }
    y
}
