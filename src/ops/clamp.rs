//! `y = min(max(x, low), high)`. Derivative: `dx = dy` where `low ≤ x ≤ high`, else 0.
use crate::Result;
use crate::memory::Buffer;
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
        let inside = |&x: &f32| {
            if (self.low..=self.high).contains(&x) {
                1.0
            } else {
                0.0
            }
        };
        let mask = Tensor::leaf(x.data().iter().map(inside).collect::<Buffer>(), *x.shape());
        Ok(smallvec![Some(at.dy.mul(&mask)?.into())])
    }
}

impl Tensor {
    /// Every element moved into `low..=high`; NaN stays NaN.
    pub fn clamp(&self, low: f32, high: f32) -> Tensor {
        let moved = |&x: &f32| {
            let x = if x < low { low } else { x };
            if x > high { high } else { x }
        };
        Tensor::of(
            Clamp { low, high },
            &[self],
            self.data().iter().map(moved).collect::<Buffer>(),
            *self.shape(),
        )
    }
}
