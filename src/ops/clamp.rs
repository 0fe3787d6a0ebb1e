//! `y = min(max(x, low), high)`. Derivative: `dx = dy` where `low ≤ x ≤ high`, else 0.
use super::gate::gate;
use crate::Result;
use crate::kernels::elementwise;
use crate::memory::Buffer;
use crate::simd::Native;
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Gradient, Inputs, Op};
use smallvec::smallvec;

struct Clamp {
    low: f32,
    high: f32,
}

impl Op for Clamp {
    fn name(&self) -> &'static str {
        "clamp"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        let x = at.input(0);
        let mut inside = Buffer::dirty(x.data().len());
        elementwise::within::<Native>(x.data(), self.low, self.high, &mut inside);
        let inside = Tensor::leaf(inside, *x.shape());
        Ok(smallvec![Some(gate(&inside, at.dy)?.into())])
    }
}

impl Tensor {
    /// Every element moved into `low..=high`; NaN stays NaN.
    pub fn clamp(&self, low: f32, high: f32) -> Tensor {
        let mut y = Buffer::dirty(self.data().len());
        elementwise::clamp::<Native>(self.data(), low, high, &mut y);
        Tensor::of(Clamp { low, high }, &[self], y, *self.shape())
    }
}
