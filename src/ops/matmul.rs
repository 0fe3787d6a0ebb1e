//! The matrix product `y = a · b`, of stacks of matrices too. Derivative: `da = dy · bᵀ`, `db = aᵀ · dy`.
//! Transposes live in flags that gemm reads as strides, so a derivative moves no data.
use crate::base::error::{Result, bail};
use crate::kernels::gemm::{MatRef, gemm, scratch_len};
use crate::memory::{Buffer, ask_for};
use crate::parallel::{chunks, for_each_with_scratch, share, threads};
use crate::simd::Native;
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Gradient, Inputs, Op, Product};
use crate::tensor::shape::Shape;
use smallvec::smallvec;

/// Multiplications of a stack below which other threads are not worth waking.
const WORTH_SHARING: usize = 200_000;

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

impl Tensor {
    /// `[…, m, k] · […, n, k]ᵀ → […, m, n]`, of stacks with equal leading axes: no value is moved.
    ///
    /// # Errors
    /// Fewer than two axes, or sizes that do not fit.
    pub fn matmul_transposed(&self, other: &Tensor) -> Result<Tensor> {
        let (a, b) = (self.shape(), other.shape());
        match (&**a, &**b) {
            ([stack @ .., _, k], [other_stack @ .., _, inner])
                if stack == other_stack && k == inner =>
            {
                product(self, other, false, true)
            }
            _ => bail!(
                Shape,
                "matmul: {a:?} × the transpose of {b:?}: the sizes do not fit"
            ),
        }
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
    let sizes = (a_rows * a_cols, b_rows * b_cols);
    let (matrix_len, one) = ((m * n).max(1), m.saturating_mul(n).saturating_mul(k));
    let stack = shape.size() / matrix_len;
    // Of a stack of small products each thread takes some; a large product is shared out by itself.
    let apart = stack > 1 && one < WORTH_SHARING && one.saturating_mul(stack) >= WORTH_SHARING;
    let each = scratch_len(m, n, k);
    let scratch = each.saturating_mul(if apart { threads() } else { 1 });
    ask_for("matmul", &[shape.size(), scratch])?;
    let mut y = Buffer::dirty(shape.size());
    let mut scratch = Buffer::dirty(scratch);
    let (a_data, b_data) = (a.data(), b.data());
    let finite = [a, b].map(|x| x.buffer().is_known_finite());
    let multiply = |index: usize, y: &mut [f32], scratch: &mut [f32]| {
        let a = &a_data[index * sizes.0..][..sizes.0];
        let b = &b_data[index * sizes.1..][..sizes.1];
        let a = matrix(a, (a_rows, a_cols), finite[0], ta);
        let b = matrix(b, (b_rows, b_cols), finite[1], tb);
        gemm::<Native>(a, b, y, false, scratch);
    };
    if apart {
        let some = share(stack, WORTH_SHARING.div_ceil(one), 1);
        let pieces = chunks(&mut y, some * matrix_len);
        for_each_with_scratch(pieces, &mut scratch, |piece, y, scratch| {
            let all = y.chunks_exact_mut(matrix_len).enumerate();
            all.for_each(|(index, y)| multiply(piece * some + index, y, scratch));
        });
    } else {
        let all = y.chunks_exact_mut(matrix_len).enumerate();
        all.for_each(|(index, y)| multiply(index, y, &mut scratch));
    }
    Ok((y, shape))
}

/// A matrix of so many rows and columns, read transposed if so asked.
fn matrix(
    data: &[f32],
    (rows, cols): (usize, usize),
    finite: bool,
    transposed: bool,
) -> MatRef<'_> {
    let plain = MatRef {
        finite,
        ..MatRef::row_major(data, rows, cols)
    };
    if transposed { plain.t() } else { plain }
}
