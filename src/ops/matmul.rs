//! The matrix product `y = a · b`, of stacks of matrices too. Derivative: `da = dy · bᵀ`, `db = aᵀ · dy`.
//! Transposes live in flags that gemm reads as strides, so a derivative moves no data.
use crate::base::error::{Result, bail};
use crate::kernels::gemm::{MatRef, gemm, scratch_len};
use crate::memory::{Buffer, ask_for};
use crate::simd::Native;
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Gradient, Inputs, Op, Product};
use crate::tensor::shape::Shape;
use smallvec::smallvec;

/// Whether each operand is read transposed.
struct Matmul {
    ta: bool,
    tb: bool,
}

impl Op for Matmul {
    fn name(&self) -> &'static str {
        "matmul"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        let (a, b, dy, &Matmul { ta, tb }) = (at.input(0), at.input(1), at.dy, self);
        let da = || {
            if ta {
                product(b, dy, tb, true)
            } else {
                product(dy, b, false, !tb)
            }
        };
        let db = || match (ta, tb) {
            (_, true) => Ok(product(dy, a, true, ta)?.into()),
            (true, false) => Ok(product(a, dy, false, false)?.into()),
            (false, false) => weight_gradient(at, 1, a, dy),
        };
        Ok(smallvec![at.wanted(0, da)?, at.wanted(1, db)?])
    }
}

/// The gradient `xᵀ · g` of input number `index`, by which `x` was multiplied. It waits until it is used, if it may
/// and most of `x` is 0.
pub(super) fn weight_gradient(
    at: &Backward,
    index: usize,
    x: &Tensor,
    g: &Tensor,
) -> Result<Gradient> {
    if x.shape().len() == 2
        && at.may_be_late(index)
        && let Some(late) = Product::new(x, g)
    {
        return Ok(Gradient::Late(late));
    }
    Ok(product(x, g, true, false)?.into())
}

impl Tensor {
    /// `[…, m, k] · […, k, n] → […, m, n]`. Leading axes broadcast.
    ///
    /// # Errors
    /// Fewer than two axes, or inner sizes that differ.
    pub fn matmul(&self, other: &Tensor) -> Result<Tensor> {
        let (a, b) = (self.shape(), other.shape());
        let (&[ref a_stack @ .., m, k], &[ref b_stack @ .., inner, n]) = (&**a, &**b) else {
            bail!(Shape, "matmul: {a:?} × {b:?}: both need at least two axes");
        };
        if k != inner {
            bail!(Shape, "matmul: {a:?} × {b:?}: inner sizes differ");
        }
        if a_stack.is_empty() && b_stack.is_empty() {
            return product(self, other, false, false);
        }
        if b_stack.is_empty() {
            let rows = a_stack.iter().product::<usize>() * m;
            return product(&self.reshape(&[rows, k])?, other, false, false)?
                .reshape(&Shape::join(a_stack, &[m, n])?);
        }
        let stack = Shape::broadcast("matmul", &Shape::known(a_stack), &Shape::known(b_stack))?;
        let a = self.broadcast_to(&Shape::join(&stack, &[m, k])?)?;
        let b = other.broadcast_to(&Shape::join(&stack, &[k, n])?)?;
        product(&a, &b, false, false)
    }
}

/// The product of two stacks with equal leading axes, each read transposed if its flag says so.
pub(super) fn product(a: &Tensor, b: &Tensor, ta: bool, tb: bool) -> Result<Tensor> {
    let (y, shape) = fill_product(a, b, ta, tb)?;
    Ok(Tensor::of(Matmul { ta, tb }, &[a, b], y, shape))
}

/// [`product`]'s values and their shape.
pub(super) fn fill_product(a: &Tensor, b: &Tensor, ta: bool, tb: bool) -> Result<(Buffer, Shape)> {
    let axes = a.shape().len() - 2;
    let (a_rows, a_cols) = (a.shape()[axes], a.shape()[axes + 1]);
    let (b_rows, b_cols) = (b.shape()[axes], b.shape()[axes + 1]);
    let (m, k) = if ta {
        (a_cols, a_rows)
    } else {
        (a_rows, a_cols)
    };
    let n = if tb { b_rows } else { b_cols };
    let shape = Shape::result("matmul", &a.shape().with(axes, m).with(axes + 1, n))?;
    ask_for("matmul", &[shape.size(), scratch_len(m, n, k)])?;
    let mut y = Buffer::dirty(shape.size());
    let mut scratch = Buffer::dirty(scratch_len(m, n, k));
    let sizes = (a_rows * a_cols, b_rows * b_cols);
    for (index, y) in y.chunks_exact_mut((m * n).max(1)).enumerate() {
        let a = matrix(a, index * sizes.0, a_rows, a_cols, ta);
        let b = matrix(b, index * sizes.1, b_rows, b_cols, tb);
        gemm::<Native>(a, b, y, false, &mut scratch);
    }
    Ok((y, shape))
}

/// One matrix of a stack, which begins at `from`, read transposed if so asked.
fn matrix(x: &Tensor, from: usize, rows: usize, cols: usize, transposed: bool) -> MatRef<'_> {
    let data = &x.data()[from..][..rows * cols];
    let plain = MatRef {
        finite: x.buffer().is_known_finite(),
        ..MatRef::row_major(data, rows, cols)
    };
    if transposed { plain.t() } else { plain }
}
