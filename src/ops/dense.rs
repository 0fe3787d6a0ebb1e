//! The affine map `y = x · kernel + bias` of matrices, followed by relu if asked for, as one node of the graph: after the
//! product there is one pass over memory. Derivative: `dx = g · kernelᵀ`, `dkernel = xᵀ · g`,
//! `dbias = Σ g` over samples, where `g` is `dy`, or what relu lets through of it.
use super::gate::gate;
use super::matmul::{fill_product, product, weight_gradient};
use crate::base::error::{Error, ErrorKind, Result};
use crate::kernels::elementwise;
use crate::simd::Native;
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Gradient, Inputs, Op};
use smallvec::smallvec;

struct Dense {
    relu: bool,
}

impl Op for Dense {
    fn name(&self) -> &'static str {
        "dense"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        if at.recorded() {
            return at.by_way_of(&|inputs| self.plain(inputs));
        }
        let (x, kernel, bias) = (at.input(0), at.input(1), at.input(2));
        let g = match self.relu {
            true => &gate(at.y, at.dy)?,
            false => at.dy,
        };
        Ok(smallvec![
            at.wanted(0, || product(g, kernel, false, true))?,
            at.wanted(1, || weight_gradient(at, 1, x, g))?,
            at.wanted(2, || g.sum_to(bias.shape()))?,
        ])
    }
}

impl Dense {
    /// The same value written with ops that are not fused.
    fn plain(&self, inputs: &[Tensor]) -> Result<Tensor> {
        let y = inputs[0].matmul(&inputs[1])?.add(&inputs[2])?;
        Ok(if self.relu {
            y.room_for("relu")?.relu()
        } else {
            y
        })
    }
}

impl Tensor {
    /// `[samples, c] · kernel [c, units] + bias [units] → [samples, units]`, then [`relu`](Tensor::relu) if asked for.
    ///
    /// # Errors
    /// Other axes, or sizes that do not fit.
    pub fn dense(&self, kernel: &Tensor, bias: &Tensor, relu: bool) -> Result<Tensor> {
        let sizes = (&**self.shape(), &**kernel.shape(), &**bias.shape());
        let (&[_, c], &[inner, units], &[each]) = sizes else {
            return Err(unfit(sizes));
        };
        if c != inner || units != each {
            return Err(unfit(sizes));
        }
        let (mut y, shape) = fill_product(self, kernel, false, false)?;
        elementwise::finish_rows::<Native>(&mut y, bias.data(), relu);
        Ok(Tensor::of(Dense { relu }, &[self, kernel, bias], y, shape))
    }
}

fn unfit((x, kernel, bias): (&[usize], &[usize], &[usize])) -> Error {
    Error::new(
        ErrorKind::Shape,
        format_args!(
            "dense: expected [samples, c], a kernel [c, units] and a bias [units], but got {x:?}, {kernel:?} and {bias:?}"
        ),
    )
}
