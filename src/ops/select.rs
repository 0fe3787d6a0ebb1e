//! `y = a` where a mask is not 0, else `b`, element by element. Derivative: `dy` goes where the value came from.
use crate::Result;
use crate::memory::Buffer;
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Inputs, Op};
use crate::tensor::shape::Shape;
use smallvec::smallvec;

struct Select {
    mask: Tensor,
}

impl Op for Select {
    fn name(&self) -> &'static str {
        "select"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Tensor>>> {
        let zero = Tensor::scalar(0.0);
        let (a, b) = (at.input(0), at.input(1));
        Ok(smallvec![
            at.wanted(0, || self.mask.select(at.dy, &zero)?.sum_to(a.shape()))?,
            at.wanted(1, || self.mask.select(&zero, at.dy)?.sum_to(b.shape()))?,
        ])
    }
}

impl Tensor {
    /// `a` where this tensor is not 0, else `b`; all three broadcast as in NumPy. No gradient flows to the mask.
    ///
    /// # Errors
    /// The shapes cannot be broadcast together.
    pub fn select(&self, a: &Tensor, b: &Tensor) -> Result<Tensor> {
        let shape = Shape::broadcast("select", a.shape(), b.shape())?;
        let shape = Shape::broadcast("select", &shape, self.shape())?;
        let mask = self.detach().broadcast_to(&shape)?;
        let values = (
            a.detach().broadcast_to(&shape)?,
            b.detach().broadcast_to(&shape)?,
        );
        let mut y = Buffer::dirty(shape.size());
        let sources = mask.data().iter().zip(values.0.data()).zip(values.1.data());
        for (y, ((&mask, &a), &b)) in y.iter_mut().zip(sources) {
            *y = if mask != 0.0 { a } else { b };
        }
        Ok(Tensor::of(Select { mask }, &[a, b], y, shape))
    }

    /// The greater of two elements, broadcasting as NumPy does; NaN if one is. Equal elements count as the first:
    /// it alone gets the gradient.
    ///
    /// # Errors
    /// The shapes cannot be broadcast together.
    pub fn maximum(&self, other: &Tensor) -> Result<Tensor> {
        self.preferred(other, |a, b| a >= b || a.is_nan())
    }

    /// The smaller of two elements; otherwise as [`maximum`](Tensor::maximum).
    ///
    /// # Errors
    /// The shapes cannot be broadcast together.
    pub fn minimum(&self, other: &Tensor) -> Result<Tensor> {
        self.preferred(other, |a, b| a <= b || a.is_nan())
    }

    fn preferred(&self, other: &Tensor, first: fn(f32, f32) -> bool) -> Result<Tensor> {
        let shape = Shape::broadcast("maximum", self.shape(), other.shape())?;
        let a = self.detach().broadcast_to(&shape)?;
        let b = other.detach().broadcast_to(&shape)?;
        let pairs = a.data().iter().zip(b.data());
        let mask = pairs.map(|(&a, &b)| f32::from(u8::from(first(a, b))));
        Tensor::leaf(mask.collect::<Buffer>(), shape).select(self, other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    #[test]
    fn the_gradient_goes_where_the_value_came_from_and_infinities_elsewhere_do_not_matter()
    -> Result<()> {
        let mask = Tensor::new(vec![1.0, 0.0], &[2])?;
        let a = Tensor::new(vec![3.0, f32::INFINITY], &[2])?.tracked();
        let b = Tensor::scalar(5.0).tracked();
        let y = mask.select(&a, &b)?;
        assert_eq!(y.data(), [3.0, 5.0]);
        let gradients = y.sum(&[], false)?.backward()?;
        assert_eq!(gradients.get(&a).expect("a").data(), [1.0, 0.0]);
        assert_eq!(gradients.get(&b).expect("b").data(), [1.0]);
        Ok(())
    }

    #[test]
    fn nan_wins_in_maximum_and_minimum() -> Result<()> {
        let a = Tensor::new(vec![1.0, f32::NAN, 2.0], &[3])?;
        let b = Tensor::new(vec![f32::NAN, 1.0, 1.0], &[3])?;
        for y in [a.maximum(&b)?, a.minimum(&b)?] {
            assert!(y.data()[0].is_nan() && y.data()[1].is_nan());
        }
        assert_eq!(a.maximum(&b)?.data()[2], 2.0);
        assert_eq!(a.minimum(&b)?.data()[2], 1.0);
        Ok(())
    }
}
