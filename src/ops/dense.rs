//! The affine map `y = x · kernel + bias` of matrices, followed by relu if asked for, as one node of the graph: after the
//! product there is one pass over memory. Derivative: `dx = g · kernelᵀ`, `dkernel = xᵀ · g`,
//! `dbias = Σ g` over samples, where `g` is `dy`, or what relu lets through of it.
use super::gate::gate;
use super::matmul::{fill_product, product};
use crate::base::error::{Error, Result};
use crate::kernels::elementwise;
use crate::simd::Native;
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Inputs, Op, Product};
use alloc::format;
use core::cell::Cell;
use smallvec::smallvec;

struct Dense {
    relu: bool,
    /// `g`, if it was computed already when the kernel's gradient was asked for as a product that waits.
    passed: Cell<Option<Tensor>>,
}

impl Op for Dense {
    fn name(&self) -> &'static str {
        "dense"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Tensor>>> {
        if at.recorded() {
            return at.by_way_of(&|inputs| self.plain(inputs));
        }
        let (x, kernel, bias) = (at.input(0), at.input(1), at.input(2));
        let g = self.passed.take().unwrap_or_else(|| self.pass(at));
        Ok(smallvec![
            at.wanted(0, || product(&g, kernel, false, true))?,
            at.wanted(1, || product(x, &g, true, false))?,
            at.wanted(2, || g.sum_to(bias.shape()))?,
        ])
    }

    fn late(&self, at: &Backward, index: usize) -> Option<Product> {
        if index != 1 {
            return None;
        }
        let g = self.pass(at);
        let product = Product::new(at.input(0), &g);
        self.passed.set(Some(g));
        product
    }
}

impl Dense {
    /// What arrives at the affine map.
    fn pass(&self, at: &Backward) -> Tensor {
        if self.relu {
            gate(at.y, at.dy)
        } else {
            at.dy.clone()
        }
    }

    /// The same value written with ops that are not fused.
    fn plain(&self, inputs: &[Tensor]) -> Result<Tensor> {
        let y = inputs[0].matmul(&inputs[1])?.add(&inputs[2])?;
        Ok(if self.relu { y.relu() } else { y })
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
        let op = Dense {
            relu,
            passed: Cell::new(None),
        };
        Ok(Tensor::of(op, &[self, kernel, bias], y, shape))
    }
}

fn unfit((x, kernel, bias): (&[usize], &[usize], &[usize])) -> Error {
    Error::Shape(format!(
        "dense: expected [samples, c], a kernel [c, units] and a bias [units], but got {x:?}, {kernel:?} and {bias:?}"
    ))
}
