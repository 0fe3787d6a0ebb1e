//! The discrete Fourier transform along the last axis but one; the last holds real and imaginary parts:
//! `y_k = Σ_j x_j · e^(∓2πi·jk/n)`. Linear and symmetric, so that its derivative is the transform of `dy` the other way
//! round. Each is the other's derivative.
use crate::base::error::{Result, bail};
use crate::kernels::fourier::{Complex, Fourier};
use crate::memory::{Buffer, ask, ask_for, vector};
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Gradient, Inputs, Op};
use smallvec::smallvec;

struct Transform {
    inverse: bool,
}

impl Op for Transform {
    fn name(&self) -> &'static str {
        "fourier"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        Ok(smallvec![Some(at.dy.fourier(!self.inverse)?.into())])
    }
}

impl Tensor {
    /// The discrete Fourier transform of rows of complex numbers: `[…, n, 2]`. The inverse is not divided by `n`.
    ///
    /// # Errors
    /// A last axis that is not 2, or rows of no values.
    pub fn fourier(&self, inverse: bool) -> Result<Tensor> {
        let n = match self.shape()[..] {
            [.., n, 2] if n > 0 => n,
            ref other => bail!(
                Shape,
                "fourier: expected rows of complex numbers, but got {other:?}"
            ),
        };
        let size = if n < usize::MAX / 8 {
            Fourier::size(n)
        } else {
            n
        };
        ask(
            "fourier",
            4 * (size as u64).saturating_mul(size_of::<Complex>() as u64),
        )?;
        ask_for("fourier", &[self.data().len()])?;
        let transform = Fourier::new(n, inverse);
        let mut scratch = vector("fourier", size)?;
        scratch.resize(size, [0.0; 2]);
        let mut y = Buffer::dirty(self.data().len());
        let rows = self.data().as_chunks::<2>().0.chunks_exact(n);
        for (x, y) in rows.zip(y.as_chunks_mut::<2>().0.chunks_exact_mut(n)) {
            for (to, from) in scratch.iter_mut().zip(x) {
                *to = from.map(f64::from);
            }
            transform.run(&mut scratch);
            for (to, from) in y.iter_mut().zip(&scratch) {
                *to = from.map(|part| part as f32);
            }
        }
        Ok(Tensor::of(Transform { inverse }, &[self], y, *self.shape()))
    }
}
