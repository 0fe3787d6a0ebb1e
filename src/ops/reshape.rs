//! The same values in the same order under another shape. Derivative: `dx = dy` in `x`'s shape.
use crate::base::error::{Result, bail};
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Gradient, Inputs, Op};
use crate::tensor::shape::Shape;
use smallvec::smallvec;

struct Reshape;

impl Op for Reshape {
    fn name(&self) -> &'static str {
        "reshape"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        Ok(smallvec![Some(at.dy.reshape(at.input(0).shape())?.into())])
    }
}

impl Tensor {
    /// These values under another shape. No data moves.
    ///
    /// # Errors
    /// The shapes hold different numbers of values.
    pub fn reshape(&self, shape: &[usize]) -> Result<Tensor> {
        let shape = Shape::new(shape)?;
        if shape.size() != self.shape().size() {
            bail!(
                Shape,
                "reshape: {:?} has {} values, {shape:?} has {}",
                self.shape(),
                self.shape().size(),
                shape.size()
            );
        }
        Ok(self.view(Reshape, shape))
    }
}
