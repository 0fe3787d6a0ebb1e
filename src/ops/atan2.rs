//! The angle of the point `(x, y)`, with broadcasting. Derivative: `dy = g · x / (x² + y²)`, `dx = −g · y / (x² + y²)`,
//! summed over broadcast axes, where `g` is the gradient that arrives.
use crate::Result;
use crate::memory::Buffer;
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Inputs, Op};
use crate::tensor::shape::Shape;
use smallvec::smallvec;

struct Atan2;

impl Op for Atan2 {
    fn name(&self) -> &'static str {
        "atan2"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Tensor>>> {
        let (y, x) = (at.input(0), at.input(1));
        let share = at.dy.div(&x.mul(x)?.add(&y.mul(y)?)?)?;
        Ok(smallvec![
            at.wanted(0, || share.mul(x)?.sum_to(y.shape()))?,
            at.wanted(1, || share.mul(y)?.neg().sum_to(x.shape()))?,
        ])
    }
}

impl Tensor {
    /// The angle of the point `(x, self)` in radians, element by element, broadcasting as NumPy does.
    ///
    /// # Errors
    /// The shapes cannot be broadcast together.
    pub fn atan2(&self, x: &Tensor) -> Result<Tensor> {
        let shape = Shape::broadcast("atan2", self.shape(), x.shape())?;
        let tall = self.detach().broadcast_to(&shape)?;
        let wide = x.detach().broadcast_to(&shape)?;
        let points = tall.data().iter().zip(wide.data());
        let angles = points.map(|(&y, &x)| libm::atan2f(y, x));
        let angles = angles.collect::<Buffer>();
        Ok(Tensor::of(Atan2, &[self, x], angles, shape))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_angle_turns_with_both_coordinates() -> Result<()> {
        let (y, x) = (
            Tensor::scalar(3.0).tracked(),
            Tensor::scalar(-4.0).tracked(),
        );
        let angle = y.atan2(&x)?;
        assert!((angle.item()? - 2.498_091_5).abs() < 1e-6);
        let gradients = angle.backward()?;
        let slope = |end| gradients.get(end).expect("a gradient").data()[0];
        assert!((slope(&y) + 0.16).abs() < 1e-6 && (slope(&x) + 0.12).abs() < 1e-6);
        Ok(())
    }
}
