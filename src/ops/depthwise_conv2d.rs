//! Depthwise convolution: `x [n, h, w, c] ∗ k [kh, kw, c, m] → y [n, oh, ow, c · m]`, each channel with its own `m`
//! kernels.
//!
//! As for [`conv2d`](Tensor::conv2d) there are three ops, each linear in both of its operands, and the derivatives of each
//! are the other two. They know one kernel for each channel: for more, the channels are repeated first.
use crate::base::error::{Result, bail};
use crate::kernels::conv::{self, Conv2d, Padding};
use crate::memory::{Buffer, ask_for};
use crate::simd::Native;
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Gradient, Inputs, Op};
use crate::tensor::shape::Shape;
use smallvec::smallvec;

struct Depthwise(Conv2d);
struct InputGradient(Conv2d);
struct KernelGradient(Conv2d);

impl Op for Depthwise {
    fn name(&self) -> &'static str {
        "depthwise_conv2d"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        let (g, x, kernel) = (&self.0, at.input(0), at.input(1));
        Ok(smallvec![
            at.wanted(0, || input_gradient(g, at.dy, kernel))?,
            at.wanted(1, || kernel_gradient(g, x, at.dy))?,
        ])
    }
}

impl Op for InputGradient {
    fn name(&self) -> &'static str {
        "depthwise_conv2d_input_gradient"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        let (dy, kernel) = (at.input(0), at.input(1));
        Ok(smallvec![
            at.wanted(0, || convolve(&self.0, at.dy, kernel))?,
            at.wanted(1, || kernel_gradient(&self.0, at.dy, dy))?,
        ])
    }
}

impl Op for KernelGradient {
    fn name(&self) -> &'static str {
        "depthwise_conv2d_kernel_gradient"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        let (x, dy) = (at.input(0), at.input(1));
        Ok(smallvec![
            at.wanted(0, || input_gradient(&self.0, dy, at.dy))?,
            at.wanted(1, || convolve(&self.0, x, at.dy))?,
        ])
    }
}

impl Tensor {
    /// Convolves each channel of images `[n, h, w, c]` with its own kernels, `kernel` `[kh, kw, c, m]`: channel
    /// `i · m + j` of the result comes from channel `i`. Strides and dilation are `(down, across)`.
    ///
    /// # Errors
    /// Those of [`conv2d`](Tensor::conv2d).
    pub fn depthwise_conv2d(
        &self,
        kernel: &Tensor,
        strides: (usize, usize),
        dilation: (usize, usize),
        padding: Padding,
    ) -> Result<Tensor> {
        let (&[n, h, w, c], &[kh, kw, kernel_c, m]) = (&**self.shape(), &**kernel.shape()) else {
            bail!(
                Shape,
                "depthwise_conv2d: {:?} * {:?}: expected [n, h, w, c] and a kernel [kh, kw, c, m]",
                self.shape(),
                kernel.shape()
            );
        };
        if c == 1 && kernel_c == 1 {
            return self.conv2d(kernel, strides, dilation, padding);
        }
        // Whether all fits is asked before anything is repeated.
        Conv2d::new(
            self.shape(),
            &[kh, kw, kernel_c, 1],
            strides,
            dilation,
            padding,
        )?;
        let all = c.saturating_mul(m);
        let wide = Shape::result("depthwise_conv2d", &[n, h, w, all])?;
        let geometry = Conv2d::new(&wide, &[kh, kw, all, 1], strides, dilation, padding)?;
        let kernel = kernel.reshape(&[kh, kw, all])?;
        if m == 1 {
            return convolve(&geometry, self, &kernel);
        }
        let rows = n * h * w * c;
        let repeated = self.reshape(&[rows, 1])?.broadcast_to(&[rows, m])?;
        convolve(&geometry, &repeated.reshape(&wide)?, &kernel)
    }
}

fn convolve(g: &Conv2d, x: &Tensor, kernel: &Tensor) -> Result<Tensor> {
    let shape = Shape::result("depthwise_conv2d", &[g.n, g.oh, g.ow, g.c])?;
    ask_for("depthwise_conv2d", &[shape.size()])?;
    let mut y = Buffer::dirty(shape.size());
    conv::depthwise::<Native>(g, x.data(), kernel.data(), &mut y);
    Ok(Tensor::of(Depthwise(*g), &[x, kernel], y, shape))
}

fn input_gradient(g: &Conv2d, dy: &Tensor, kernel: &Tensor) -> Result<Tensor> {
    let (shape, turned) = (Shape::known(&[g.n, g.h, g.w, g.c]), kernel.data().len());
    ask_for("depthwise_conv2d_input_gradient", &[shape.size(), turned])?;
    let mut dx = Buffer::dirty(shape.size());
    let scratch = &mut Buffer::dirty(turned);
    conv::depthwise_input_gradient::<Native>(g, dy.data(), kernel.data(), &mut dx, scratch);
    Ok(Tensor::of(InputGradient(*g), &[dy, kernel], dx, shape))
}

fn kernel_gradient(g: &Conv2d, x: &Tensor, dy: &Tensor) -> Result<Tensor> {
    let (shape, parts) = (
        Shape::known(&[g.kh, g.kw, g.c]),
        conv::depthwise_scratch_len(g),
    );
    ask_for("depthwise_conv2d_kernel_gradient", &[shape.size(), parts])?;
    let mut dk = Buffer::dirty(shape.size());
    let scratch = &mut Buffer::dirty(parts);
    conv::depthwise_kernel_gradient::<Native>(g, x.data(), dy.data(), &mut dk, scratch);
    Ok(Tensor::of(KernelGradient(*g), &[x, dy], dk, shape))
}
