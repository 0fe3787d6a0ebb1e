//! 3-D convolution: `x [n, d, h, w, c] ∗ k [kd, kh, kw, c, f] → y [n, od, oh, ow, f]`, and its transpose.
//!
//! What a window sees in depth is laid out as channels (the planes are gathered), and the rest is
//! [`conv2d`](Tensor::conv2d). The transpose goes the same way back.
use crate::base::error::{Result, bail};
use crate::kernels::conv::{Conv2d, Padding};
use crate::memory::vector;
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::vec::Vec;

/// How the windows of a convolution move in depth, down and across.
#[derive(Clone, Copy, Debug)]
pub struct Moves {
    /// From one window to the next.
    pub strides: [usize; 3],
    /// From one place of a window to the next.
    pub dilation: [usize; 3],
    /// Whether windows may reach over the edge.
    pub padding: Padding,
}

impl Moves {
    fn plane(&self) -> ((usize, usize), (usize, usize)) {
        let ([_, down, across], [_, dd, da]) = (self.strides, self.dilation);
        ((down, across), (dd, da))
    }
}

/// Which plane each tap of each window sees in depth; `g` is the geometry of that axis alone. What lies outside is
/// number `g.h`, a plane of zeros.
fn planes(g: &Conv2d) -> Result<Vec<u32>> {
    let mut planes = vector("conv3d", g.oh.saturating_mul(g.kh))?;
    for window in 0..g.oh {
        for tap in 0..g.kh {
            let place = window * g.stride.0 + tap * g.dilation.0;
            let plane = place.checked_sub(g.pad_top).map_or(g.h, |at| at.min(g.h));
            planes.push(plane as u32);
        }
    }
    Ok(planes)
}

/// The kernel with the depth among its channels: `[kh, kw, kd · c, f]`.
fn flat(kernel: &Tensor) -> Result<Tensor> {
    let [kd, kh, kw, c, f] = kernel.shape()[..] else {
        bail!(
            Shape,
            "conv3d: expected a kernel [kd, kh, kw, in, out], got {:?}",
            kernel.shape()
        );
    };
    let depth = kd.saturating_mul(c);
    kernel
        .transpose(&[1, 2, 0, 3, 4])?
        .reshape(&[kh, kw, depth, f])
}

impl Tensor {
    /// Convolves volumes `[n, d, h, w, c]` with `kernel` `[kd, kh, kw, c, f]`, then adds `bias` `[f]` if there is one, then
    /// takes the [`relu`](Tensor::relu) if asked for.
    ///
    /// # Errors
    /// Wrong ranks, channels that differ, strides or dilation of 0, a kernel larger than a `valid` volume, or a bias of
    /// another shape.
    pub fn conv3d_fused(
        &self,
        kernel: &Tensor,
        bias: Option<&Tensor>,
        relu: bool,
        moves: Moves,
    ) -> Result<Tensor> {
        let flat = flat(kernel)?;
        let [n, d, h, w, c] = self.shape()[..] else {
            bail!(
                Shape,
                "conv3d: expected volumes [n, depth, height, width, channels], got {:?}",
                self.shape()
            );
        };
        let kd = kernel.shape()[0];
        let (strides, dilation) = moves.plane();
        let depth = depth(d, kd, &moves)?;
        let od = depth.oh;
        let seen = Shape::result("conv3d", &[n, od.saturating_mul(kd), h, w, c])?;
        // Whether the rest fits is asked before anything is gathered.
        let image = Shape::result(
            "conv3d",
            &[n.saturating_mul(od), h, w, kd.saturating_mul(c)],
        )?;
        Conv2d::new(&image, flat.shape(), strides, dilation, moves.padding)?;
        let planes = planes(&depth)?;
        let padded = if planes.contains(&(d as u32)) {
            self.pad(&[(0, 0), (0, 1), (0, 0), (0, 0), (0, 0)], 0.0)?
        } else {
            self.clone()
        };
        let seen = padded.gather_along(&planes, 1)?.reshape(&seen)?;
        let seen = seen.reshape(&[n * od, kd, h * w, c])?;
        let y = seen
            .transpose(&[0, 2, 1, 3])?
            .reshape(&image)?
            .conv2d_fused(&flat, bias, relu, strides, dilation, moves.padding)?;
        let (oh, ow, f) = (y.shape()[1], y.shape()[2], y.shape()[3]);
        y.reshape(&[n, od, oh, ow, f])
    }

    /// The gradient of [`conv3d_fused`](Tensor::conv3d_fused) by its input, as an op of its own: volumes
    /// `[n, d, h, w, c]` and `kernel` `[kd, kh, kw, f, c]` make volumes of the `size` (depth, height, width) with `f`
    /// channels.
    ///
    /// # Errors
    /// Wrong ranks, channels that differ, or a size which a convolution with these settings would not take to this
    /// tensor's.
    pub fn conv3d_transpose(
        &self,
        kernel: &Tensor,
        size: [usize; 3],
        moves: Moves,
    ) -> Result<Tensor> {
        let flat = flat(kernel)?;
        let (&[n, od, oh, ow, f], [d, h, w]) = (&**self.shape(), size) else {
            bail!(
                Shape,
                "conv3d_transpose: expected volumes [n, depth, height, width, channels], got {:?}",
                self.shape()
            );
        };
        let (kd, c) = (kernel.shape()[0], kernel.shape()[3]);
        let (strides, dilation) = moves.plane();
        let depth = Conv2d::transposed(
            &[1, od, 1, 1],
            &[kd, 1, 1, 1],
            (d, 1),
            (moves.strides[0], 1),
            (moves.dilation[0], 1),
            moves.padding,
        )?;
        let images = self.reshape(&[n.saturating_mul(od), oh, ow, f])?;
        let spread = images.conv2d_transpose(&flat, (h, w), strides, dilation, moves.padding)?;
        let seen = Shape::result("conv3d_transpose", &[n, od.saturating_mul(kd), h, w, c])?;
        let seen = spread
            .reshape(&[n * od, h * w, kd, c])?
            .transpose(&[0, 2, 1, 3])?
            .reshape(&seen)?;
        let all = seen.scatter_add_along(&planes(&depth)?, d + 1, 1)?;
        all.slice(&[0; 5], &[n, d, h, w, c])
    }
}

/// The geometry of the first axis alone.
fn depth(d: usize, kd: usize, moves: &Moves) -> Result<Conv2d> {
    let (stride, dilation) = (moves.strides[0], moves.dilation[0]);
    Conv2d::new(
        &[1, d, 1, 1],
        &[kd, 1, 1, 1],
        (stride, 1),
        (dilation, 1),
        moves.padding,
    )
}
