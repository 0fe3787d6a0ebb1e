//! 2-D convolution (cross-correlation, as in every deep-learning library): `x [n, h, w, c] ∗ k [kh, kw, c, f]
//! → y [n, oh, ow, f]`, with strides, dilation and TensorFlow's `valid` / `same` padding.
//!
//! There are three ops: the convolution, its input gradient and its kernel gradient. Each is linear in both of its
//! operands, and the derivatives of each are the other two. A bias and a relu may be fused with the convolution; then
//! neither they nor their gradients cost passes over memory.
use crate::base::error::{Result, bail};
use crate::kernels::conv::{self, Conv2d, Finish, Padding};
use crate::memory::{Buffer, ask_for};
use crate::simd::Native;
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Gradient, Inputs, Op};
use crate::tensor::shape::Shape;
use smallvec::smallvec;

struct Conv2D {
    geometry: Conv2d,
    /// Whether there is a third input.
    biased: bool,
    relu: bool,
}
struct InputGradient(Conv2d);
struct KernelGradient(Conv2d);

impl Op for Conv2D {
    fn name(&self) -> &'static str {
        "conv2d"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        let (g, x, kernel) = (&self.geometry, at.input(0), at.input(1));
        if !self.biased && !self.relu {
            return Ok(smallvec![
                at.wanted(0, || input_gradient(g, at.dy, kernel))?,
                at.wanted(1, || kernel_gradient(g, x, at.dy))?,
            ]);
        }
        if at.recorded() {
            return at.by_way_of(&|inputs| self.plain(inputs));
        }
        let open = self.relu.then(|| at.y.data());
        let dx = at.wanted(0, || {
            let dx = fill_input_gradient(g, at.dy, open, kernel)?;
            Ok(Tensor::leaf(dx, *x.shape()))
        })?;
        let mut gradients: Inputs<_> = smallvec![dx, None, None];
        if at.wants(1) || self.biased && at.wants(2) {
            let (dk, db) = fill_kernel_gradient(g, x, at.dy, open)?;
            gradients[1] = Some(Tensor::leaf(dk, *kernel.shape()).into());
            gradients[2] = Some(Tensor::leaf(db, Shape::known(&[g.f])).into());
        }
        gradients.truncate(if self.biased { 3 } else { 2 });
        Ok(gradients)
    }
}

impl Conv2D {
    /// The same value written with ops that are not fused.
    fn plain(&self, inputs: &[Tensor]) -> Result<Tensor> {
        let mut y = convolve(&self.geometry, &inputs[0], &inputs[1], None, false)?;
        if self.biased {
            y = y.add(&inputs[2])?;
        }
        Ok(if self.relu {
            y.room_for("relu")?.relu()
        } else {
            y
        })
    }
}

impl Op for InputGradient {
    fn name(&self) -> &'static str {
        "conv2d_input_gradient"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        let (dy, kernel) = (at.input(0), at.input(1));
        Ok(smallvec![
            at.wanted(0, || convolve(&self.0, at.dy, kernel, None, false))?,
            at.wanted(1, || kernel_gradient(&self.0, at.dy, dy))?,
        ])
    }
}

impl Op for KernelGradient {
    fn name(&self) -> &'static str {
        "conv2d_kernel_gradient"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        let (x, dy) = (at.input(0), at.input(1));
        Ok(smallvec![
            at.wanted(0, || input_gradient(&self.0, dy, at.dy))?,
            at.wanted(1, || convolve(&self.0, x, at.dy, None, false))?,
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
        convolve(&geometry, self, kernel, None, false)
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
        convolve(&geometry, self, kernel, bias, relu)
    }
}

impl Tensor {
    /// The gradient of [`conv2d`](Tensor::conv2d) by its input, as an op of its own (a transposed convolution): images
    /// `[n, h, w, c]` and `kernel` `[kh, kw, f, c]` make images of the `size` (height, width) with `f` channels.
    ///
    /// # Errors
    /// Wrong ranks, channels that differ, or a size which [`conv2d`](Tensor::conv2d) with these settings would not take
    /// to this tensor's.
    pub fn conv2d_transpose(
        &self,
        kernel: &Tensor,
        size: (usize, usize),
        strides: (usize, usize),
        dilation: (usize, usize),
        padding: Padding,
    ) -> Result<Tensor> {
        let shapes = (self.shape(), kernel.shape());
        let geometry = Conv2d::transposed(shapes.0, shapes.1, size, strides, dilation, padding)?;
        input_gradient(&geometry, self, kernel)
    }
}

fn convolve(
    g: &Conv2d,
    x: &Tensor,
    kernel: &Tensor,
    bias: Option<&Tensor>,
    relu: bool,
) -> Result<Tensor> {
    let shape = Shape::result("conv2d", &g.out_shape())?;
    ask_for("conv2d", &[shape.size(), g.forward_scratch_len()])?;
    let mut y = Buffer::dirty(shape.size());
    let finish = Finish {
        bias: bias.map(Tensor::data),
        relu,
    };
    let scratch = &mut Buffer::dirty(g.forward_scratch_len());
    conv::forward::<Native>(g, x.data(), kernel.data(), finish, &mut y, scratch);
    let op = Conv2D {
        geometry: *g,
        biased: bias.is_some(),
        relu,
    };
    Ok(match bias {
        Some(bias) => Tensor::of(op, &[x, kernel, bias], y, shape),
        None => Tensor::of(op, &[x, kernel], y, shape),
    })
}

fn fill_input_gradient(
    g: &Conv2d,
    dy: &Tensor,
    open: Option<&[f32]>,
    kernel: &Tensor,
) -> Result<Buffer> {
    let len = g.n * g.h * g.w * g.c;
    ask_for("conv2d_input_gradient", &[len, g.scratch_len()])?;
    let mut dx = Buffer::dirty(len);
    let scratch = &mut Buffer::dirty(g.scratch_len());
    conv::input_gradient::<Native>(g, dy.data(), open, kernel.data(), &mut dx, scratch);
    Ok(dx)
}

fn input_gradient(g: &Conv2d, dy: &Tensor, kernel: &Tensor) -> Result<Tensor> {
    let dx = fill_input_gradient(g, dy, None, kernel)?;
    let shape = Shape::known(&[g.n, g.h, g.w, g.c]);
    Ok(Tensor::of(InputGradient(*g), &[dy, kernel], dx, shape))
}

/// The gradients of the kernel and of a bias.
fn fill_kernel_gradient(
    g: &Conv2d,
    x: &Tensor,
    dy: &Tensor,
    open: Option<&[f32]>,
) -> Result<(Buffer, Buffer)> {
    let len = g.kh * g.kw * g.c * g.f;
    ask_for("conv2d_kernel_gradient", &[len, g.f, g.scratch_len()])?;
    let mut dk = Buffer::dirty(len);
    let mut db = Buffer::dirty(g.f);
    let scratch = &mut Buffer::dirty(g.scratch_len());
    conv::kernel_gradient::<Native>(g, x.data(), dy.data(), open, &mut dk, &mut db, scratch);
    Ok((dk, db))
}

fn kernel_gradient(g: &Conv2d, x: &Tensor, dy: &Tensor) -> Result<Tensor> {
    let (dk, _) = fill_kernel_gradient(g, x, dy, None)?;
    let shape = Shape::known(&[g.kh, g.kw, g.c, g.f]);
    Ok(Tensor::of(KernelGradient(*g), &[x, dy], dk, shape))
}
