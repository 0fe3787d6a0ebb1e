//! Gradients at chosen tensors: a walk back that ends there.
use super::Tensor;
use super::autograd::{Backward, Inputs, Op, Then};
use crate::base::error::{Result, bail};
use alloc::vec::Vec;
use smallvec::smallvec;

/// The tensor itself, as a new node of the graph. Derivative: `dx = dy`.
struct Identity;

impl Op for Identity {
    fn name(&self) -> &'static str {
        "identity"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Tensor>>> {
        Ok(smallvec![Some(at.dy.clone())])
    }
}

impl Tensor {
    /// A new handle to these values at which a walk can end. What is computed from it is recorded; gradients of an
    /// outer walk go on from it to where this tensor comes from.
    pub fn end(&self) -> Tensor {
        match self.needs_gradient() {
            true => self.view(Identity, *self.shape()),
            false => self.tracked(),
        }
    }

    /// The gradients of `sum(self × dy)` with respect to each of `ends`, in order; `None` where this tensor does
    /// not depend on an end. Make the handles with [`end`](Tensor::end). If they are to be differentiated in turn,
    /// the gradients remember how they were made.
    ///
    /// # Errors
    /// `dy` has another shape than this tensor.
    pub fn gradients_at(
        &self,
        dy: Tensor,
        ends: &[Tensor],
        differentiate: bool,
    ) -> Result<Vec<Option<Tensor>>> {
        if dy.shape() != self.shape() {
            bail!(
                Shape,
                "gradients: the gradient is {:?}, the tensor is {:?}",
                dy.shape(),
                self.shape()
            );
        }
        let then = if differentiate {
            Then::Differentiate
        } else {
            Then::Use
        };
        let gradients = self.walk(dy, then, ends)?;
        Ok(ends.iter().map(|end| gradients.get(end)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gradients_within_gradients_are_derivatives_of_higher_order() -> Result<()> {
        let one = || Tensor::scalar(1.0);
        let x = Tensor::scalar(2.0).end();
        let inner = x.end();
        let square = inner.mul(&inner)?;
        let y = square.mul(&square)?;
        let first = y.gradients_at(one(), &[inner], true)?.remove(0);
        let first = first.expect("y depends on x");
        assert_eq!(first.data(), [32.0]);
        let second = first.gradients_at(one(), &[x], false)?.remove(0);
        assert_eq!(second.expect("4x³ depends on x").data(), [48.0]);
        Ok(())
    }
}
