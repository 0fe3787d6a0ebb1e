//! `broadcast_to` repeats along axes of length 1 and new leading axes; `sum_to` is its derivative, and
//! each is the other's.
use crate::autograd::{Backward, Op};
use crate::error::{Result, bail};
use crate::shape::Shape;
use crate::tensor::Tensor;
use alloc::{vec, vec::Vec};

struct BroadcastTo;

impl Op for BroadcastTo {
    fn name(&self) -> &'static str {
        "broadcast_to"
    }

    fn backward(&self, at: &Backward) -> Result<Vec<Option<Tensor>>> {
        Ok(vec![Some(at.dy.sum_to(at.input(0).shape())?)])
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
        let shape = Shape::new(shape)?;
        if Shape::broadcast("broadcast_to", self.shape(), &shape)? != shape {
            bail!(
                Shape,
                "broadcast_to: {:?} cannot become {shape:?}",
                self.shape()
            );
        }
        // The first axis that the two have in common from there on: everything after it is one run.
        let mut data = self.data().to_vec();
        let mut current = self.shape().to_vec();
        let mut padded = vec![1; shape.len() - current.len()];
        padded.append(&mut current);
        for axis in (0..shape.len()).rev() {
            if padded[axis] != shape[axis] {
                let run: usize = shape[axis + 1..].iter().product();
                data = repeat(&data, run, shape[axis]);
            }
        }
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
        let repeated =
            |&axis: &usize| axis < extra || (target[axis - extra] == 1 && self.shape()[axis] != 1);
        let axes: Vec<isize> = (0..self.shape().len())
            .filter(repeated)
            .map(|axis| axis as isize)
            .collect();
        self.sum(&axes, false)?.reshape(shape)
    }
}

/// Each run of `run` values, `times` times.
fn repeat(data: &[f32], run: usize, times: usize) -> Vec<f32> {
    let mut repeated = Vec::with_capacity(data.len() * times);
    if run == 1 {
        data.iter()
            .for_each(|&value| repeated.resize(repeated.len() + times, value));
    } else if run > 0 {
        data.chunks_exact(run)
            .for_each(|chunk| (0..times).for_each(|_| repeated.extend_from_slice(chunk)));
    }
    repeated
}
