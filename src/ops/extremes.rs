//! The greatest and the least value over axes. Derivative: `dy` where `x` is the extreme, shared equally by equals.
use super::sum::{Reduced, reduced_axes, squeeze};
use crate::base::error::{Result, bail};
use crate::memory::Buffer;
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Inputs, Op};
use crate::tensor::shape::Shape;
use smallvec::smallvec;

struct Extreme {
    name: &'static str,
    kept: Shape,
    reduced: Reduced,
}

impl Op for Extreme {
    fn name(&self) -> &'static str {
        self.name
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Tensor>>> {
        let x = at.input(0).detach();
        let y = at.y.detach().reshape(&self.kept)?;
        let equal = x.equal(&y)?;
        let share = equal.div(&equal.sum_as(&self.reduced, self.kept))?;
        Ok(smallvec![Some(at.dy.reshape(&self.kept)?.mul(&share)?)])
    }
}

impl Tensor {
    /// The greatest value over `axes` (−1 is the last; none named means all); `keep` leaves them with
    /// length 1. NaN wins.
    ///
    /// # Errors
    /// An axis outside the shape, or an axis of length 0.
    pub fn max(&self, axes: &[isize], keep: bool) -> Result<Tensor> {
        self.extreme("max", axes, keep, f32::NEG_INFINITY, |x, best| x > best)
    }

    /// The least value over `axes`; see [`max`](Tensor::max).
    ///
    /// # Errors
    /// Those of [`max`](Tensor::max).
    pub fn min(&self, axes: &[isize], keep: bool) -> Result<Tensor> {
        self.extreme("min", axes, keep, f32::INFINITY, |x, best| x < best)
    }

    fn extreme(
        &self,
        name: &'static str,
        axes: &[isize],
        keep: bool,
        start: f32,
        better: fn(f32, f32) -> bool,
    ) -> Result<Tensor> {
        let reduced = reduced_axes(name, axes, self.shape())?;
        let mut kept = *self.shape();
        let mut data: Option<Buffer> = None;
        for axis in (0..kept.len()).rev().filter(|&axis| reduced[axis]) {
            if kept[axis] == 0 {
                bail!(Shape, "{name}: axis {axis} of {:?} is empty", self.shape());
            }
            let x = data.as_deref().unwrap_or(self.data());
            data = Some(extreme_along(x, kept.around(axis), start, better));
            kept = kept.with(axis, 1);
        }
        let shape = if keep { kept } else { squeeze(&kept, &reduced) };
        let data = data.unwrap_or_else(|| self.data().into());
        let op = Extreme {
            name,
            kept,
            reduced,
        };
        Ok(Tensor::of(op, &[self], data, shape))
    }
}

fn extreme_along(
    x: &[f32],
    (outer, n, inner): (usize, usize, usize),
    start: f32,
    better: fn(f32, f32) -> bool,
) -> Buffer {
    let mut y = Buffer::dirty(outer * inner);
    y.fill(start);
    let inner = inner.max(1);
    let blocks = y
        .chunks_exact_mut(inner)
        .zip(x.chunks_exact((n * inner).max(1)));
    for (y, block) in blocks {
        for row in block.chunks_exact(inner) {
            // A NaN stays, because nothing compares as better than it.
            y.iter_mut().zip(row).for_each(|(best, &x)| {
                if better(x, *best) || x.is_nan() {
                    *best = x;
                }
            });
        }
    }
    y
}
