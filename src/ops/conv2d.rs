//! 2-D convolution (cross-correlation, as in every deep-learning library): `x [n, h, w, c] ∗ k [kh, kw, c, f]
//! → y [n, oh, ow, f]`, with strides, dilation and TensorFlow's `valid` / `same` padding.
//!
//! Three maps, each linear in two of `x`, `k`, `y`, and closed under differentiation:
//! the convolution, its input gradient and its kernel gradient.
use super::relu::gate;
use crate::autograd::{Backward, Op};
use crate::buffer::Buffer;
use crate::error::{Result, bail};
use crate::kernels::conv::{self, Conv2d, Finish, Padding};
use crate::shape::Shape;
use crate::simd::Native;
use crate::tensor::Tensor;
use alloc::{vec, vec::Vec};

/// The convolution; with a bias if it has a third input.
struct Conv2D {
    geometry: Conv2d,
    relu: bool,
}
struct InputGradient(Conv2d);
struct KernelGradient(Conv2d);

impl Op for Conv2D {
    fn name(&self) -> &'static str {
        "conv2d"
    }

    fn backward(&self, at: &Backward) -> Result<Vec<Option<Tensor>>> {
        let (g, x, kernel) = (&self.geometry, at.input(0), at.input(1));
        if !at.recorded() {
            return Ok(self.fused_backward(at));
        }
        let gated = self.relu.then(|| gate(&at.y.detach(), at.dy));
        let dy = gated.as_ref().unwrap_or(at.dy);
        let mut gradients = vec![
            at.wanted(0, || Ok(input_gradient(g, dy, kernel)))?,
            at.wanted(1, || Ok(kernel_gradient(g, x, dy)))?,
        ];
        if at.has_input(2) {
            gradients.push(at.wanted(2, || dy.sum_to(at.input(2).shape()))?);
        }
        Ok(gradients)
    }
}

impl Conv2D {
    /// The gradients that nobody differentiates again: relu's gate and the bias cost no passes of their own.
    fn fused_backward(&self, at: &Backward) -> Vec<Option<Tensor>> {
        let (g, x, kernel) = (&self.geometry, at.input(0), at.input(1));
        let open = self.relu.then(|| at.y.data());
        let mut scratch = Buffer::dirty(g.scratch_len());
        let dx = at.wants(0).then(|| {
            let mut dx = Buffer::dirty(x.data().len());
            conv::input_gradient::<Native>(
                g,
                at.dy.data(),
                open,
                kernel.data(),
                &mut dx,
                &mut scratch,
            );
            Tensor::leaf(dx, *x.shape())
        });
        let mut gradients = vec![dx];
        let mut dk = Buffer::dirty(kernel.data().len());
        let mut db = Buffer::dirty(g.f);
        let biased = at.has_input(2);
        if at.wants(1) || biased && at.wants(2) {
            conv::kernel_gradient::<Native>(
                g,
                x.data(),
                at.dy.data(),
                open,
                &mut dk,
                &mut db,
                &mut scratch,
            );
        }
        gradients.push(at.wants(1).then(|| Tensor::leaf(dk, *kernel.shape())));
        if biased {
            gradients.push(at.wants(2).then(|| Tensor::leaf(db, *at.input(2).shape())));
        }
        gradients
    }
}

impl Op for InputGradient {
    fn name(&self) -> &'static str {
        "conv2d_input_gradient"
    }

    fn backward(&self, at: &Backward) -> Result<Vec<Option<Tensor>>> {
        let (dy, kernel) = (at.input(0), at.input(1));
        Ok(vec![
            at.wanted(0, || Ok(convolve(&self.0, at.dy, kernel, None, false)))?,
            at.wanted(1, || Ok(kernel_gradient(&self.0, at.dy, dy)))?,
        ])
    }
}

impl Op for KernelGradient {
    fn name(&self) -> &'static str {
        "conv2d_kernel_gradient"
    }

    fn backward(&self, at: &Backward) -> Result<Vec<Option<Tensor>>> {
        let (x, dy) = (at.input(0), at.input(1));
        Ok(vec![
            at.wanted(0, || Ok(input_gradient(&self.0, dy, at.dy)))?,
            at.wanted(1, || Ok(convolve(&self.0, x, at.dy, None, false)))?,
        ])
    }
}

impl Tensor {
    /// Convolves images `[n, h, w, c]` with `kernel` `[kh, kw, c, f]`; strides and dilation are
    /// `(down, across)`.
    ///
    /// # Errors
    /// Wrong ranks, channels that differ, strides or dilation of 0, a kernel larger than a `valid` image.
    pub fn conv2d(
        &self,
        kernel: &Tensor,
        strides: (usize, usize),
        dilation: (usize, usize),
        padding: Padding,
    ) -> Result<Tensor> {
        let geometry = Conv2d::new(self.shape(), kernel.shape(), strides, dilation, padding)?;
        Ok(convolve(&geometry, self, kernel, None, false))
    }

    /// [`conv2d`](Tensor::conv2d), then plus `bias` `[f]` if there is one, then [`relu`](Tensor::relu) if
    /// asked for, in one pass over memory.
    ///
    /// # Errors
    /// Those of [`conv2d`](Tensor::conv2d), or a bias of another shape.
    pub fn conv2d_fused(
        &self,
        kernel: &Tensor,
        bias: Option<&Tensor>,
        relu: bool,
        strides: (usize, usize),
        dilation: (usize, usize),
        padding: Padding,
    ) -> Result<Tensor> {
        let geometry = Conv2d::new(self.shape(), kernel.shape(), strides, dilation, padding)?;
        if let Some(bias) = bias.filter(|bias| **bias.shape() != [geometry.f]) {
            bail!(
                Shape,
                "conv2d: a bias of shape {:?} for {} filters",
                bias.shape(),
                geometry.f
            );
        }
        Ok(convolve(&geometry, self, kernel, bias, relu))
    }
}

fn convolve(g: &Conv2d, x: &Tensor, kernel: &Tensor, bias: Option<&Tensor>, relu: bool) -> Tensor {
    let mut y = Buffer::dirty(g.n * g.oh * g.ow * g.f);
    conv::forward::<Native>(
        g,
        x.data(),
        kernel.data(),
        Finish {
            bias: bias.map(Tensor::data),
            relu,
        },
        &mut y,
        &mut Buffer::dirty(g.scratch_len()),
    );
    let op = Conv2D { geometry: *g, relu };
    let shape = Shape::known(&g.out_shape());
    match bias {
        Some(bias) => Tensor::of(op, &[x, kernel, bias], y, shape),
        None => Tensor::of(op, &[x, kernel], y, shape),
    }
}

fn input_gradient(g: &Conv2d, dy: &Tensor, kernel: &Tensor) -> Tensor {
    let mut dx = Buffer::dirty(g.n * g.h * g.w * g.c);
    conv::input_gradient::<Native>(
        g,
        dy.data(),
        None,
        kernel.data(),
        &mut dx,
        &mut Buffer::dirty(g.scratch_len()),
    );
    Tensor::of(
        InputGradient(*g),
        &[dy, kernel],
        dx,
        Shape::known(&[g.n, g.h, g.w, g.c]),
    )
}

fn kernel_gradient(g: &Conv2d, x: &Tensor, dy: &Tensor) -> Tensor {
    let mut dk = Buffer::dirty(g.kh * g.kw * g.c * g.f);
    conv::kernel_gradient::<Native>(
        g,
        x.data(),
        dy.data(),
        None,
        &mut dk,
        &mut Buffer::dirty(g.f),
        &mut Buffer::dirty(g.scratch_len()),
    );
    Tensor::of(
        KernelGradient(*g),
        &[x, dy],
        dk,
        Shape::known(&[g.kh, g.kw, g.c, g.f]),
    )
}
