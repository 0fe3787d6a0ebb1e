//! Running sums along an axis: `y_i = Σ_{j ≤ i} x_j`. Derivative: running sums of `dy` from the other end.
use crate::Result;
use crate::memory::Buffer;
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Inputs, Op};
use crate::tensor::shape::resolve_axis;
use smallvec::smallvec;

#[derive(Clone, Copy)]
struct Cumsum {
    axis: usize,
    exclusive: bool,
    reverse: bool,
}

impl Op for Cumsum {
    fn name(&self) -> &'static str {
        "cumsum"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Tensor>>> {
        let back = Cumsum {
            reverse: !self.reverse,
            ..*self
        };
        Ok(smallvec![Some(back.of(at.dy))])
    }
}

impl Cumsum {
    fn of(self, x: &Tensor) -> Tensor {
        let (outer, n, inner) = x.shape().around(self.axis);
        let mut y = Buffer::dirty(x.data().len());
        for block in 0..outer {
            for column in 0..inner {
                let mut sum = 0.0;
                for step in 0..n {
                    let step = if self.reverse { n - 1 - step } else { step };
                    let place = (block * n + step) * inner + column;
                    if self.exclusive {
                        y[place] = sum;
                        sum += x.data()[place];
                    } else {
                        sum += x.data()[place];
                        y[place] = sum;
                    }
                }
            }
        }
        Tensor::of(self, &[x], y, *x.shape())
    }
}

impl Tensor {
    /// Running sums along `axis` (−1 is the last): each element is the sum of those up to it, without itself if
    /// `exclusive`; from the end backwards if `reverse`.
    ///
    /// # Errors
    /// An axis outside the shape.
    pub fn cumsum(&self, axis: isize, exclusive: bool, reverse: bool) -> Result<Tensor> {
        let axis = resolve_axis("cumsum", axis, self.shape())?;
        let sums = Cumsum {
            axis,
            exclusive,
            reverse,
        };
        Ok(sums.of(self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    #[test]
    fn each_gradient_is_the_sum_of_those_after_it() -> Result<()> {
        let x = Tensor::new(vec![1.0, 2.0, 3.0, 4.0], &[2, 2])?.tracked();
        let y = x.cumsum(0, false, false)?;
        assert_eq!(y.data(), [1.0, 2.0, 4.0, 6.0]);
        assert_eq!(x.cumsum(1, true, true)?.data(), [2.0, 0.0, 4.0, 0.0]);
        let weights = Tensor::new(vec![1.0, 10.0, 100.0, 1000.0], &[2, 2])?;
        let gradients = y.mul(&weights)?.sum(&[], false)?.backward()?;
        let gradient = gradients.get(&x).expect("x");
        assert_eq!(gradient.data(), [101.0, 1010.0, 100.0, 1000.0]);
        Ok(())
    }
}
