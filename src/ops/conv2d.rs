//! 2-D convolution (cross-correlation, as in every deep-learning library): `x [n, h, w, c] ∗ k [kh, kw, c, f]
//! → y [n, oh, ow, f]`, with strides, dilation and TensorFlow's `valid` / `same` padding.
//!
//! Three maps, each linear in two of `x`, `k`, `y`, and closed under differentiation:
//! the convolution, its input gradient and its kernel gradient.
use crate::Result;
use crate::autograd::{Backward, Op};
use crate::kernels::conv::{self, Conv2d, Padding};
use crate::shape::Shape;
use crate::simd::Native;
use crate::tensor::Tensor;
use alloc::{vec, vec::Vec};

struct Conv2D(Conv2d);
struct InputGradient(Conv2d);
struct KernelGradient(Conv2d);

impl Op for Conv2D {
    fn name(&self) -> &'static str {
        "conv2d"
    }

    fn backward(&self, at: &Backward) -> Result<Vec<Option<Tensor>>> {
        let (x, kernel) = (at.input(0), at.input(1));
        Ok(vec![
            at.wanted(0, || Ok(input_gradient(&self.0, at.dy, kernel)))?,
            at.wanted(1, || Ok(kernel_gradient(&self.0, x, at.dy)))?,
        ])
    }
}

impl Op for InputGradient {
    fn name(&self) -> &'static str {
        "conv2d_input_gradient"
    }

    fn backward(&self, at: &Backward) -> Result<Vec<Option<Tensor>>> {
        let (dy, kernel) = (at.input(0), at.input(1));
        Ok(vec![
            at.wanted(0, || Ok(convolve(&self.0, at.dy, kernel)))?,
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
            at.wanted(1, || Ok(convolve(&self.0, x, at.dy)))?,
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
        Ok(convolve(&geometry, self, kernel))
    }
}

fn convolve(g: &Conv2d, x: &Tensor, kernel: &Tensor) -> Tensor {
    let mut y = vec![0.0; g.n * g.oh * g.ow * g.f];
    conv::forward::<Native>(
        g,
        x.data(),
        kernel.data(),
        conv::Finish::default(),
        &mut y,
        &mut vec![0.0; g.scratch_len()],
    );
    Tensor::of(Conv2D(*g), &[x, kernel], y, Shape::known(&g.out_shape()))
}

fn input_gradient(g: &Conv2d, dy: &Tensor, kernel: &Tensor) -> Tensor {
    let mut dx = vec![0.0; g.n * g.h * g.w * g.c];
    conv::input_gradient::<Native>(
        g,
        dy.data(),
        None,
        kernel.data(),
        &mut dx,
        &mut vec![0.0; g.scratch_len()],
    );
    Tensor::of(
        InputGradient(*g),
        &[dy, kernel],
        dx,
        Shape::known(&[g.n, g.h, g.w, g.c]),
    )
}

fn kernel_gradient(g: &Conv2d, x: &Tensor, dy: &Tensor) -> Tensor {
    let mut dk = vec![0.0; g.kh * g.kw * g.c * g.f];
    conv::kernel_gradient::<Native>(
        g,
        x.data(),
        dy.data(),
        None,
        &mut dk,
        None,
        &mut vec![0.0; g.scratch_len()],
    );
    Tensor::of(
        KernelGradient(*g),
        &[x, dy],
        dk,
        Shape::known(&[g.kh, g.kw, g.c, g.f]),
    )
}
