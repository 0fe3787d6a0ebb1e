//! Running sums along an axis: `y_i = x_0 + … + x_i`. Derivative: the running sums of `dy` from the other end.
use crate::base::error::Result;
use crate::memory::{Buffer, ask_for};
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Gradient, Inputs, Op};
use crate::tensor::shape::resolve_axis;
use smallvec::smallvec;

/// Columns that are summed side by side.
const COLUMNS: usize = 16;

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

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        let other_way = Cumsum {
            reverse: !self.reverse,
            ..*self
        };
        Ok(smallvec![Some(other_way.of(at.dy)?.into())])
    }
}

impl Cumsum {
    fn of(self, x: &Tensor) -> Result<Tensor> {
        ask_for("cumsum", &[x.data().len()])?;
        let (_, n, inner) = x.shape().around(self.axis);
        let mut y = Buffer::dirty(x.data().len());
        let block = (n * inner).max(1);
        let blocks = x.data().chunks_exact(block).zip(y.chunks_exact_mut(block));
        for (x, y) in blocks {
            for from in (0..inner).step_by(COLUMNS) {
                let width = COLUMNS.min(inner - from);
                // In double precision, so that long sums stay exact to the last bit of the result.
                let mut sums = [0.0f64; COLUMNS];
                for step in 0..n {
                    let row = if self.reverse { n - 1 - step } else { step };
                    let at = row * inner + from;
                    let (x, y) = (&x[at..at + width], &mut y[at..at + width]);
                    for ((x, y), sum) in x.iter().zip(y).zip(&mut sums) {
                        let before = *sum;
                        *sum += f64::from(*x);
                        *y = if self.exclusive { before } else { *sum } as f32;
                    }
                }
            }
        }
        Ok(Tensor::of(self, &[x], y, *x.shape()))
    }
}

impl Tensor {
    /// The sums of each element and all before it along `axis` (−1 is the last); `exclusive` leaves the element itself
    /// out, `reverse` sums from the end.
    ///
    /// # Errors
    /// An axis outside the shape.
    pub fn cumsum(&self, axis: isize, exclusive: bool, reverse: bool) -> Result<Tensor> {
        let axis = resolve_axis("cumsum", axis, self.shape())?;
        let op = Cumsum {
            axis,
            exclusive,
            reverse,
        };
        op.of(self)
    }
}
