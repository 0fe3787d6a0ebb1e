//! Average pooling: the mean of each window of `x [n, h, w, c]`, padding not counted. Linear, so its
//! derivative spreads `dy` evenly over the window, and the two are each other's derivative.
use super::max_pool::pooled;
use crate::Result;
use crate::kernels::conv::Padding;
use crate::kernels::pool::{self, Pool2d};
use crate::memory::{Buffer, ask_for};
use crate::simd::Native;
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Gradient, Inputs, Op};
use crate::tensor::shape::Shape;
use smallvec::smallvec;

struct AveragePool(Pool2d);
struct Spread(Pool2d);

impl Op for AveragePool {
    fn name(&self) -> &'static str {
        "average_pool"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        let g = &self.0;
        let shape = Shape::known(&[g.n, g.h, g.w, g.c]);
        ask_for(self.name(), &[shape.size()])?;
        let mut dx = Buffer::dirty(shape.size());
        pool::average_gradient::<Native>(g, at.dy.data(), &mut dx);
        Ok(smallvec![Some(
            Tensor::of(Spread(*g), &[at.dy], dx, shape).into()
        )])
    }
}

impl Op for Spread {
    fn name(&self) -> &'static str {
        "average_pool_gradient"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        Ok(smallvec![Some(average(&self.0, at.dy)?.into())])
    }
}

impl Tensor {
    /// Average pooling of images `[n, h, w, c]` with windows and strides `(down, across)`.
    ///
    /// # Errors
    /// Wrong rank, sizes of 0, or a window larger than a `valid` image.
    pub fn average_pool(
        &self,
        window: (usize, usize),
        strides: (usize, usize),
        padding: Padding,
    ) -> Result<Tensor> {
        average(&Pool2d::new(self.shape(), window, strides, padding)?, self)
    }
}

fn average(g: &Pool2d, x: &Tensor) -> Result<Tensor> {
    let shape = pooled(g)?;
    ask_for("average_pool", &[shape.size()])?;
    let mut y = Buffer::dirty(shape.size());
    pool::average_forward::<Native>(g, x.data(), &mut y);
    Ok(Tensor::of(AveragePool(*g), &[x], y, shape))
}
