//! Two-dimensional convolution (cross-correlation, as everywhere in deep learning), NHWC images and
//! HWIO kernels: patches of a block of output pixels are laid out as rows, then it is a matrix product.
//!
//! Patches are never laid out for the whole batch at once, so memory does not grow with it.
use super::gemm::{self, MatRef, gemm};
use super::patches;
use crate::error::{Result, bail};
use crate::simd::Lanes;

/// About how many floats of patches are laid out at once (256 KB): the second cache's size.
const BLOCK: usize = 1 << 16;

/// What surrounds the image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Padding {
    /// Zeros, so that the output has ⌈size / stride⌉ pixels; an odd one goes below and to the right.
    Same,
    /// Nothing: only whole windows count.
    Valid,
}

/// Where windows lie along one axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Windows {
    pub(super) count: usize,
    pub(super) pad: usize,
}

impl Windows {
    /// TensorFlow's rule; `None` if no window fits or a size is out of range.
    pub(super) fn new(
        size: usize,
        window: usize,
        stride: usize,
        dilation: usize,
        padding: Padding,
    ) -> Option<Self> {
        let reach = window
            .checked_sub(1)?
            .checked_mul(dilation)?
            .checked_add(1)?;
        if stride == 0 || dilation == 0 {
            return None;
        }
        match padding {
            Padding::Same => {
                let count = size.div_ceil(stride);
                let covered = (count.saturating_sub(1) * stride).checked_add(reach)?;
                Some(Windows {
                    count,
                    pad: covered.saturating_sub(size) / 2,
                })
            }
            Padding::Valid => Some(Windows {
                count: size.checked_sub(reach)? / stride + 1,
                pad: 0,
            }),
        }
    }
}

/// The geometry of a convolution of `n×h×w×c` images with a `kh×kw×c×f` kernel into `n×oh×ow×f`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conv2d {
    /// Images.
    pub n: usize,
    /// Height of an image.
    pub h: usize,
    /// Width of an image.
    pub w: usize,
    /// Channels of an image.
    pub c: usize,
    /// Height of the kernel.
    pub kh: usize,
    /// Width of the kernel.
    pub kw: usize,
    /// Filters: channels of the output.
    pub f: usize,
    /// Height of the output.
    pub oh: usize,
    /// Width of the output.
    pub ow: usize,
    /// Rows and columns from one window to the next.
    pub stride: (usize, usize),
    /// Rows and columns from one kernel element to the next.
    pub dilation: (usize, usize),
    /// Rows of zeros above the image.
    pub pad_top: usize,
    /// Columns of zeros to the left of the image.
    pub pad_left: usize,
}

impl Conv2d {
    /// The geometry for images of shape `x` (n, h, w, c) and a kernel of shape `kernel` (kh, kw, c, f).
    ///
    /// # Errors
    /// Shapes of another rank, channels that differ, a stride, dilation or kernel side of 0, or a
    /// kernel larger than the image with [`Padding::Valid`].
    pub fn new(
        x: &[usize],
        kernel: &[usize],
        stride: (usize, usize),
        dilation: (usize, usize),
        padding: Padding,
    ) -> Result<Self> {
        let (&[n, h, w, c], &[kh, kw, kernel_c, f]) = (x, kernel) else {
            bail!(
                Shape,
                "conv2d: {x:?} * {kernel:?}: expected [n, h, w, c] and a kernel [kh, kw, c, f]"
            );
        };
        if c != kernel_c {
            bail!(
                Shape,
                "conv2d: {x:?} * {kernel:?}: {c} channels, but the kernel is for {kernel_c}"
            );
        }
        if [kh, kw, stride.0, stride.1, dilation.0, dilation.1].contains(&0) {
            bail!(
                Value,
                "conv2d: kernel {kh}×{kw}, strides {stride:?}, dilation {dilation:?}: all must be at least 1"
            );
        }
        let rows = Windows::new(h, kh, stride.0, dilation.0, padding);
        let columns = Windows::new(w, kw, stride.1, dilation.1, padding);
        let (Some(rows), Some(columns)) = (rows, columns) else {
            bail!(
                Shape,
                "conv2d: {x:?} * {kernel:?}, dilation {dilation:?}: the kernel is larger than the image"
            );
        };
        let (oh, ow, pad_top, pad_left) = (rows.count, columns.count, rows.pad, columns.pad);
        Ok(Conv2d {
            n,
            h,
            w,
            c,
            kh,
            kw,
            f,
            oh,
            ow,
            stride,
            dilation,
            pad_top,
            pad_left,
        })
    }

    /// The output's shape.
    pub fn out_shape(&self) -> [usize; 4] {
        [self.n, self.oh, self.ow, self.f]
    }

    /// How many floats of scratch each of the three kernels needs.
    pub fn scratch_len(&self) -> usize {
        let (rows, k, f) = (self.block_rows(), self.patch_len(), self.f);
        let products = [(rows, f, k), (rows, k, f), (k, rows, f), (k, f, rows)];
        rows * k
            + products
                .map(|(m, n, k)| gemm::scratch_len(m, n, k))
                .into_iter()
                .max()
                .unwrap_or(0)
    }

    /// Floats in the patch that one output pixel sees.
    pub(super) fn patch_len(&self) -> usize {
        self.kh * self.kw * self.c
    }

    /// Output pixels of the batch.
    fn pixels(&self) -> usize {
        self.n * self.oh * self.ow
    }

    /// Output pixels whose patches are laid out at once.
    fn block_rows(&self) -> usize {
        (BLOCK / self.patch_len().max(1))
            .max(64)
            .next_multiple_of(4)
            .min(self.pixels())
    }

    /// Whether patches and pixels are the same thing, so nothing needs to be laid out.
    fn is_pointwise(&self) -> bool {
        (self.kh, self.kw, self.stride) == (1, 1, (1, 1))
    }
}

/// `y = x * w`: `x` is n×h×w×c, `w` kh×kw×c×f, `y` n×oh×ow×f.
pub fn forward<L: Lanes>(g: &Conv2d, x: &[f32], w: &[f32], y: &mut [f32], scratch: &mut [f32]) {
    let k = g.patch_len();
    let kernel = MatRef::row_major(w, k, g.f);
    if g.is_pointwise() {
        return gemm::<L>(
            MatRef::row_major(x, g.pixels(), k),
            kernel,
            y,
            false,
            scratch,
        );
    }
    let (patches, scratch) = scratch.split_at_mut(g.block_rows() * k);
    for from in (0..g.pixels()).step_by(g.block_rows().max(1)) {
        let rows = g.block_rows().min(g.pixels() - from);
        let patches = &mut patches[..rows * k];
        patches::lay_out(g, x, from, patches);
        let y = &mut y[from * g.f..(from + rows) * g.f];
        gemm::<L>(patches::view(g, patches, rows), kernel, y, false, scratch);
    }
}

/// The gradient of the input: `dx` (n×h×w×c) from `dy` (n×oh×ow×f) and the kernel `w`.
pub fn input_gradient<L: Lanes>(
    g: &Conv2d,
    dy: &[f32],
    w: &[f32],
    dx: &mut [f32],
    scratch: &mut [f32],
) {
    let k = g.patch_len();
    let kernel = MatRef::row_major(w, k, g.f).t();
    if g.is_pointwise() {
        return gemm::<L>(
            MatRef::row_major(dy, g.pixels(), g.f),
            kernel,
            dx,
            false,
            scratch,
        );
    }
    dx.fill(0.0);
    let (patches, scratch) = scratch.split_at_mut(g.block_rows() * k);
    for from in (0..g.pixels()).step_by(g.block_rows().max(1)) {
        let rows = g.block_rows().min(g.pixels() - from);
        let patches = &mut patches[..rows * k];
        let dy = MatRef::row_major(&dy[from * g.f..(from + rows) * g.f], rows, g.f);
        if patches::in_columns(g) {
            gemm::<L>(kernel.t(), dy.t(), patches, false, scratch);
        } else {
            gemm::<L>(dy, kernel, patches, false, scratch);
        }
        patches::put_back::<L>(g, patches, from, dx);
    }
}

/// The gradient of the kernel: `dw` (kh×kw×c×f) from the input `x` and `dy` (n×oh×ow×f).
pub fn kernel_gradient<L: Lanes>(
    g: &Conv2d,
    x: &[f32],
    dy: &[f32],
    dw: &mut [f32],
    scratch: &mut [f32],
) {
    let k = g.patch_len();
    if g.is_pointwise() {
        let (x, dy) = (
            MatRef::row_major(x, g.pixels(), k),
            MatRef::row_major(dy, g.pixels(), g.f),
        );
        return gemm::<L>(x.t(), dy, dw, false, scratch);
    }
    dw.fill(0.0);
    let (patches, scratch) = scratch.split_at_mut(g.block_rows() * k);
    for from in (0..g.pixels()).step_by(g.block_rows().max(1)) {
        let rows = g.block_rows().min(g.pixels() - from);
        let patches = &mut patches[..rows * k];
        patches::lay_out(g, x, from, patches);
        let dy = MatRef::row_major(&dy[from * g.f..(from + rows) * g.f], rows, g.f);
        gemm::<L>(patches::view(g, patches, rows).t(), dy, dw, true, scratch);
    }
}
