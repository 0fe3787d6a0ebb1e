//! `y = x` where `x > 0`, else `slope · x`. Derivative: `dx = dy` where `x > 0`, else `slope · dy`; that map is linear
//! in `dy`, and its own derivative.
use crate::Result;
use crate::kernels::elementwise;
use crate::memory::{Buffer, ask_for};
use crate::simd::Native;
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Gradient, Inputs, Op};
use smallvec::smallvec;

struct LeakyRelu {
    slope: f32,
}

/// The map of gradients, with the input that decides.
struct LeakyGate {
    x: Tensor,
    slope: f32,
}

impl Op for LeakyRelu {
    fn name(&self) -> &'static str {
        "leaky_relu"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        let x = at.input(0).detach();
        Ok(smallvec![Some(leaky_gate(&x, self.slope, at.dy)?.into())])
    }
}

impl Op for LeakyGate {
    fn name(&self) -> &'static str {
        "leaky_relu_gradient"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        Ok(smallvec![Some(
            leaky_gate(&self.x, self.slope, at.dy)?.into()
        )])
    }
}

fn leaky_gate(x: &Tensor, slope: f32, dy: &Tensor) -> Result<Tensor> {
    ask_for("leaky_relu_gradient", &[dy.data().len()])?;
    let mut dx = Buffer::dirty(dy.data().len());
    elementwise::leaky_relu_gradient::<Native>(x.data(), dy.data(), slope, &mut dx);
    let x = x.clone();
    Ok(Tensor::of(LeakyGate { x, slope }, &[dy], dx, *dy.shape()))
}

impl Tensor {
    /// `x` where positive, else `slope · x`, of every element. The slope at 0 is `slope`.
    pub fn leaky_relu(&self, slope: f32) -> Tensor {
        let mut y = Buffer::dirty(self.data().len());
        elementwise::leaky_relu::<Native>(self.data(), slope, &mut y);
        Tensor::of(LeakyRelu { slope }, &[self], y, *self.shape())
    }
}
