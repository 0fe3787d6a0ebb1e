//! `broadcast_to` repeats along axes of length 1 and new leading axes; `sum_to` is its derivative, and
//! each is the other's.
use crate::base::error::{Result, bail};
use crate::memory::{Buffer, ask_for};
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Gradient, Inputs, Op};
use crate::tensor::shape::{MAX_RANK, Shape};
use smallvec::smallvec;

struct BroadcastTo;

impl Op for BroadcastTo {
    fn name(&self) -> &'static str {
        "broadcast_to"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        Ok(smallvec![Some(at.dy.sum_to(at.input(0).shape())?.into())])
    }
}

impl Tensor {
    /// This tensor repeated to `shape`.
    ///
    /// # Errors
    /// An axis is neither equal nor 1.
    pub fn broadcast_to(&self, shape: &[usize]) -> Result<Tensor> {
        if **self.shape() == *shape {
            return Ok(self.clone());
        }
        let shape = Shape::result("broadcast_to", shape)?;
        if Shape::broadcast("broadcast_to", self.shape(), &shape)? != shape {
            bail!(
                Shape,
                "broadcast_to: {:?} cannot become {shape:?}",
                self.shape()
            );
        }
        // From the last axis to the first. The axes behind the one that is repeated have their new lengths already, so
        // that their values are contiguous.
        let mut data: Option<Buffer> = None;
        let added = shape.len() - self.shape().len();
        for (axis, &length) in shape.iter().enumerate().rev() {
            let old = axis.checked_sub(added).map_or(1, |axis| self.shape()[axis]);
            if old != length {
                let run: usize = shape[axis + 1..].iter().product();
                let x = data.as_deref().unwrap_or(self.data());
                ask_for("broadcast_to", &[x.len().saturating_mul(length)])?;
                data = Some(repeat(x, run, length));
            }
        }
        let data = match data {
            Some(data) => data,
            None => self.copied("broadcast_to")?,
        };
        Ok(Tensor::of(BroadcastTo, &[self], data, shape))
    }

    /// Sums what broadcasting from `shape` to this tensor's shape would have repeated.
    ///
    /// # Errors
    /// `shape` cannot be broadcast to this tensor's shape.
    pub fn sum_to(&self, shape: &[usize]) -> Result<Tensor> {
        if **self.shape() == *shape {
            return Ok(self.clone());
        }
        let target = Shape::new(shape)?;
        if Shape::broadcast("sum_to", self.shape(), &target)? != *self.shape() {
            bail!(
                Shape,
                "sum_to: {:?} is not a broadcast of {target:?}",
                self.shape()
            );
        }
        let extra = self.shape().len() - target.len();
        let mut reduced = [false; MAX_RANK];
        for (axis, &length) in self.shape().iter().enumerate() {
            let before = axis.checked_sub(extra).map(|axis| target[axis]);
            reduced[axis] = before.is_none_or(|before| before == 1 && length != 1);
        }
        self.sum_as(&reduced, target)
    }
}

/// Each run of `run` values, `times` times.
fn repeat(x: &[f32], run: usize, times: usize) -> Buffer {
    let mut repeated = Buffer::dirty(x.len() * times);
    if run == 1 {
        let places = repeated.chunks_exact_mut(times.max(1));
        places
            .zip(x)
            .for_each(|(places, &value)| places.fill(value));
    } else if run > 0 {
        let blocks = repeated.chunks_exact_mut((run * times).max(1));
        for (block, values) in blocks.zip(x.chunks_exact(run)) {
            let places = block.chunks_exact_mut(run);
            places.for_each(|place| place.copy_from_slice(values));
        }
    }
    repeated
}
