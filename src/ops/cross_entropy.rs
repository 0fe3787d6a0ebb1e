//! Softmax and cross-entropy in one: `y = −Σ_j t_j · log_softmax(x)_j` along the last axis, exact where a
//! probability would round to 0. Derivative: `dx = dy · (softmax(x) · Σ_j t_j − t)`,
//! `dt = −dy · log_softmax(x)`.
use super::softmax::last_axis;
use crate::base::error::{Result, bail};
use crate::kernels::softmax;
use crate::memory::{Buffer, ask_for};
use crate::simd::Native;
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Gradient, Inputs, Op};
use crate::tensor::shape::Shape;
use smallvec::smallvec;

struct CrossEntropy {
    /// The exponentials of the logits, which their gradient is made of.
    exps: Buffer,
}

impl Op for CrossEntropy {
    fn name(&self) -> &'static str {
        "cross_entropy"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        let (x, targets) = (at.input(0), at.input(1));
        if !at.recorded() && !at.wants(1) {
            ask_for(self.name(), &[x.data().len()])?;
            let mut dx = Buffer::dirty(x.data().len());
            let classes = last_axis(self.name(), x)?;
            softmax::cross_entropy_gradient::<Native>(
                &self.exps,
                targets.data(),
                at.dy.data(),
                &mut dx,
                classes,
            );
            return Ok(smallvec![Some(Tensor::leaf(dx, *x.shape()).into()), None]);
        }
        let mut column = *x.shape();
        column = column.with(column.len() - 1, 1);
        let dy = at.dy.reshape(&column)?;
        let dx = || {
            x.softmax()?
                .mul(&targets.sum(&[-1], true)?)?
                .sub(targets)?
                .mul(&dy)
        };
        let dt = || x.log_softmax()?.mul(&dy.neg());
        Ok(smallvec![at.wanted(0, dx)?, at.wanted(1, dt)?])
    }
}

impl Tensor {
    /// The cross-entropy between `targets` (probabilities, of this tensor's shape) and the softmax of this
    /// tensor of logits, along the last axis, which the result does not have.
    ///
    /// # Errors
    /// Shapes that differ, or an empty last axis.
    pub fn cross_entropy(&self, targets: &Tensor) -> Result<Tensor> {
        let classes = last_axis("cross_entropy", self)?;
        if self.shape() != targets.shape() {
            bail!(
                Shape,
                "cross_entropy: logits are {:?}, targets {:?}",
                self.shape(),
                targets.shape()
            );
        }
        let shape = self.shape().without(self.shape().len() - 1);
        ask_for("cross_entropy", &[self.data().len(), shape.size()])?;
        let mut exps = Buffer::dirty(self.data().len());
        let mut y = Buffer::dirty(shape.size());
        softmax::cross_entropy::<Native>(self.data(), targets.data(), &mut exps, &mut y, classes);
        Ok(Tensor::of(
            CrossEntropy { exps },
            &[self, targets],
            y,
            shape,
        ))
    }

    /// Rows of zeros with a 1 at each label: `[labels, classes]`.
    ///
    /// # Errors
    /// A label outside `0..classes`.
    pub fn one_hot(labels: &[u32], classes: usize) -> Result<Tensor> {
        let shape = Shape::result("one_hot", &[labels.len(), classes])?;
        ask_for("one_hot", &[shape.size()])?;
        let mut y = Buffer::zeros(shape.size());
        for (row, &label) in labels.iter().enumerate() {
            if label as usize >= classes {
                bail!(Value, "one_hot: label {label} is outside 0..{classes}");
            }
            y[row * classes + label as usize] = 1.0;
        }
        Ok(Tensor::leaf(y, shape))
    }
}
