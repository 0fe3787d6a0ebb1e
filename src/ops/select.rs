//! `y = mask ≠ 0 ? yes : no` with broadcasting. Derivative: `dy` goes to the operand that was chosen; the mask gets
//! none.
use super::gate::gate;
use crate::Result;
use crate::kernels::elementwise;
use crate::memory::{Buffer, ask_for};
use crate::simd::Native;
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Gradient, Inputs, Op};
use crate::tensor::shape::Shape;
use smallvec::smallvec;

struct Select {
    /// 1 where `yes` is chosen, else 0.
    chosen: Tensor,
}

impl Op for Select {
    fn name(&self) -> &'static str {
        "select"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        let chosen = &self.chosen;
        Ok(smallvec![
            at.wanted(0, || gate(chosen, at.dy))?,
            at.wanted(1, || gate(&chosen.room_for("select")?.logical_not(), at.dy))?,
        ])
    }
}

impl Tensor {
    /// `yes` where this mask is not 0, else `no`, element by element, broadcasting as NumPy does. No gradient flows to
    /// the mask, and none to what was not chosen, NaN and infinities there included. (`where` in TensorFlow and NumPy.)
    ///
    /// # Errors
    /// The shapes cannot be broadcast together.
    pub fn select(&self, yes: &Tensor, no: &Tensor) -> Result<Tensor> {
        let shape = Shape::broadcast("select", yes.shape(), no.shape())?;
        let shape = Shape::broadcast("select", self.shape(), &shape)?;
        let zeros = self.room_for("select")?.detach().logical_not();
        let chosen = zeros.room_for("select")?.logical_not();
        drop(zeros);
        let chosen = chosen.broadcast_to(&shape)?;
        // Recorded, so that the gradients are summed over what is repeated here.
        let (yes, no) = (yes.broadcast_to(&shape)?, no.broadcast_to(&shape)?);
        ask_for("select", &[shape.size()])?;
        let mut y = Buffer::dirty(shape.size());
        elementwise::select::<Native>(chosen.data(), yes.data(), no.data(), &mut y);
        Ok(Tensor::of(Select { chosen }, &[&yes, &no], y, shape))
    }
}
