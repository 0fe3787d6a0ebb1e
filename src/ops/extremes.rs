//! The greatest and the least value over axes. Derivative: `dy` where `x` is the extreme, shared equally by equals.
use super::sum::{Reduced, reduced_axes, squeeze};
use crate::base::error::{Result, bail};
use crate::kernels::{elementwise, reduce};
use crate::memory::{Buffer, ask_for};
use crate::simd::Native;
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Gradient, Inputs, Op};
use crate::tensor::shape::Shape;
use smallvec::smallvec;

/// The greatest or the least.
struct Which {
    name: &'static str,
    /// Of all values.
    of_all: fn(&[f32]) -> f32,
    /// Replaces values by better ones.
    better: fn(&mut [f32], &[f32]),
}

static MAX: Which = Which {
    name: "max",
    of_all: reduce::max_or_nan::<Native>,
    better: elementwise::raise::<Native>,
};

static MIN: Which = Which {
    name: "min",
    of_all: reduce::min_or_nan::<Native>,
    better: elementwise::lower::<Native>,
};

struct Extreme {
    name: &'static str,
    kept: Shape,
    reduced: Reduced,
}

impl Op for Extreme {
    fn name(&self) -> &'static str {
        self.name
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        let x = at.input(0).detach();
        let y = at.y.detach().reshape(&self.kept)?;
        let equal = x.equal(&y)?;
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
        self.extreme(&MAX, axes, keep)
    }

    /// The least value over `axes`; see [`max`](Tensor::max).
    ///
    /// # Errors
    /// Those of [`max`](Tensor::max).
    pub fn min(&self, axes: &[isize], keep: bool) -> Result<Tensor> {
        self.extreme(&MIN, axes, keep)
    }

    fn extreme(&self, which: &'static Which, axes: &[isize], keep: bool) -> Result<Tensor> {
        let name = which.name;
        let reduced = reduced_axes(name, axes, self.shape())?;
        let mut kept = *self.shape();
        let mut data: Option<Buffer> = None;
        for axis in (0..kept.len()).rev().filter(|&axis| reduced[axis]) {
            if kept[axis] == 0 {
                bail!(Shape, "{name}: axis {axis} of {:?} is empty", self.shape());
            }
            let x = data.as_deref().unwrap_or(self.data());
            ask_for(name, &[kept.with(axis, 1).size()])?;
            data = Some(which.along(x, kept.around(axis)));
            kept = kept.with(axis, 1);
        }
        let shape = if keep { kept } else { squeeze(&kept, &reduced) };
        let data = match data {
            Some(data) => data,
            None => self.copied(name)?,
        };
        let op = Extreme {
            name,
            kept,
            reduced,
        };
        Ok(Tensor::of(op, &[self], data, shape))
    }
}

impl Which {
    /// The extremes of the middle of `outer × n × inner`.
    fn along(&self, x: &[f32], (outer, n, inner): (usize, usize, usize)) -> Buffer {
        let mut y = Buffer::dirty(outer * inner);
        let blocks = x.chunks_exact((n * inner).max(1));
        for (y, block) in y.chunks_exact_mut(inner.max(1)).zip(blocks) {
            if let [y] = y {
                *y = (self.of_all)(block);
                continue;
            }
            let (first, rest) = block.split_at(inner);
            y.copy_from_slice(first);
            rest.chunks_exact(inner)
                .for_each(|row| (self.better)(y, row));
        }
        y
    }
}
