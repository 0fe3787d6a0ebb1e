//! Axes read from the end to the start. Derivative: `dy` reversed the same way.
use super::sum::Reduced;
use crate::base::error::Result;
use crate::memory::{Buffer, ask_for};
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Gradient, Inputs, Op};
use crate::tensor::shape::{MAX_RANK, resolve_axis};
use smallvec::smallvec;

/// For each axis, whether it is reversed.
struct Reverse(Reduced);

impl Op for Reverse {
    fn name(&self) -> &'static str {
        "reverse"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        Ok(smallvec![Some(reversed(at.dy, self.0)?.into())])
    }
}

impl Tensor {
    /// This tensor with the order along each of `axes` reversed (−1 is the last); none named means none.
    ///
    /// # Errors
    /// An axis outside the shape.
    pub fn reverse(&self, axes: &[isize]) -> Result<Tensor> {
        let mut which = [false; MAX_RANK];
        for &axis in axes {
            which[resolve_axis("reverse", axis, self.shape())?] = true;
        }
        reversed(self, which)
    }
}

fn reversed(x: &Tensor, which: Reduced) -> Result<Tensor> {
    let mut data: Option<Buffer> = None;
    for axis in (0..x.shape().len()).filter(|&axis| which[axis]) {
        let (_, n, inner) = x.shape().around(axis);
        let from = data.as_deref().unwrap_or(x.data());
        ask_for("reverse", &[from.len()])?;
        let mut to = Buffer::dirty(from.len());
        let block = (n * inner).max(1);
        for (from, to) in from.chunks_exact(block).zip(to.chunks_exact_mut(block)) {
            let rows = from.chunks_exact(inner).rev();
            rows.zip(to.chunks_exact_mut(inner))
                .for_each(|(from, to)| to.copy_from_slice(from));
        }
        data = Some(to);
    }
    let data = match data {
        Some(data) => data,
        None => x.copied("reverse")?,
    };
    Ok(Tensor::of(Reverse(which), &[x], data, *x.shape()))
}
