//! Where the windows of a convolution lie.
use super::walk::WIDEST;
use crate::base::error::{Result, bail};
use crate::kernels::sizes::{LIMIT, bytes, product};
use crate::memory::refusal;
use core::ops::Range;

/// What surrounds the image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Padding {
    /// Zeros, so that the output has ⌈size / stride⌉ pixels; an odd one goes below and to the right.
    Same,
    /// Nothing: only whole windows count.
    Valid,
    /// Zeros in front, so that a window ends where its output stands and sees nothing that comes later.
    Causal,
}

/// Where windows lie along one axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::kernels) struct Windows {
    pub(in crate::kernels) count: usize,
    pub(in crate::kernels) pad: usize,
}

impl Windows {
    /// TensorFlow's rule; `None` if no window fits or a size is out of range.
    pub(in crate::kernels) fn new(
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
                // Places are counted from the padding's edge.
                covered.checked_add(size)?;
                Some(Windows {
                    count,
                    pad: covered.saturating_sub(size) / 2,
                })
            }
            Padding::Valid => Some(Windows {
                count: size.checked_sub(reach)? / stride + 1,
                pad: 0,
            }),
            Padding::Causal => {
                (reach - 1).checked_add(size)?;
                Some(Windows {
                    count: size.div_ceil(stride),
                    pad: reach - 1,
                })
            }
        }
    }

    /// The windows of which there are `count`, for an axis whose `size` is chosen: those of the convolution whose
    /// gradient a transposed convolution is. `None` if that size does not have so many windows.
    fn transposed(
        count: usize,
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
        let first = count.checked_sub(1)?.checked_mul(stride)?;
        let covered = first.checked_add(reach)?;
        covered.checked_add(size)?;
        let (least, pad) = match padding {
            // With an even window Keras also takes the size at which the last window begins.
            Padding::Same => (first, covered.saturating_sub(size) / 2),
            Padding::Valid => (covered, 0),
            Padding::Causal => return None,
        };
        let over = size.checked_sub(least)?;
        let fits = over < stride || padding == Padding::Same && over == stride;
        (fits && size > 0 && stride > 0 && dilation > 0).then_some(Windows { count, pad })
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
    /// Rows and columns from one window to the next; 1 where there is one window.
    pub stride: (usize, usize),
    /// Rows and columns from one kernel element to the next; 1 where there is one element.
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
    /// Shapes of another rank, channels that differ, a stride, dilation or kernel side of 0, a
    /// kernel larger than the image with [`Padding::Valid`], or more values than memory can address.
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
        Self::placed([n, h, w, c], [kh, kw, f], [rows, columns], stride, dilation)
    }

    /// The geometry whose input gradient takes images of shape `x` (n, oh, ow, f) to images of the `size` (h, w) with a
    /// kernel of shape `kernel` (kh, kw, c, f): that of a transposed convolution.
    ///
    /// # Errors
    /// Those of [`new`](Conv2d::new), or a size which a convolution with these settings would not take to that of `x`.
    pub fn transposed(
        x: &[usize],
        kernel: &[usize],
        size: (usize, usize),
        stride: (usize, usize),
        dilation: (usize, usize),
        padding: Padding,
    ) -> Result<Self> {
        let (&[n, oh, ow, f], &[kh, kw, c, kernel_f]) = (x, kernel) else {
            bail!(
                Shape,
                "conv2d_transpose: {x:?} * {kernel:?}: expected [n, h, w, c] and a kernel [kh, kw, f, c]"
            );
        };
        if f != kernel_f {
            bail!(
                Shape,
                "conv2d_transpose: {x:?} * {kernel:?}: {f} channels, but the kernel is for {kernel_f}"
            );
        }
        let (h, w) = size;
        let rows = Windows::transposed(oh, h, kh, stride.0, dilation.0, padding);
        let columns = Windows::transposed(ow, w, kw, stride.1, dilation.1, padding);
        let (Some(rows), Some(columns)) = (rows, columns) else {
            bail!(
                Shape,
                "conv2d_transpose: {x:?} * {kernel:?}, strides {stride:?}, dilation {dilation:?}: {size:?} is not a size that comes of it"
            );
        };
        Self::placed([n, h, w, c], [kh, kw, f], [rows, columns], stride, dilation)
    }

    fn placed(
        [n, h, w, c]: [usize; 4],
        [kh, kw, f]: [usize; 3],
        [rows, columns]: [Windows; 2],
        stride: (usize, usize),
        dilation: (usize, usize),
    ) -> Result<Self> {
        let (oh, ow, pad_top, pad_left) = (rows.count, columns.count, rows.pad, columns.pad);
        // From a single window no step is taken, and from a single tap neither: scratch need not be as large.
        let step = |count, step| if count > 1 { step } else { 1 };
        let stride = (step(oh, stride.0), step(ow, stride.1));
        let dilation = (step(kh, dilation.0), step(kw, dilation.1));
        let g = Conv2d {
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
        };
        // Places in a row of an image are numbered in steps of up to `WIDEST` groups of four.
        let numbers = [[w, c], [ow, f]].map(|[w, c]| product([w, c, 4 * WIDEST]));
        let sizes = [
            product([n, h, w, c]),
            product(g.out_shape()),
            g.scratch_len(),
        ];
        let most = sizes.into_iter().chain(numbers).max().unwrap_or(0);
        if most > LIMIT {
            return Err(refusal("conv2d", bytes(most)));
        }
        Ok(g)
    }

    /// The output's shape.
    pub fn out_shape(&self) -> [usize; 4] {
        [self.n, self.oh, self.ow, self.f]
    }

    /// Rows and columns of the convolution itself.
    pub(super) fn forward_axes(&self) -> [Axis; 2] {
        [
            Axis {
                input: self.h,
                output: self.oh,
                taps: self.kh,
                stride: self.stride.0,
                dilation: self.dilation.0,
                spread: 1,
                pad: self.pad_top,
            },
            Axis {
                input: self.w,
                output: self.ow,
                taps: self.kw,
                stride: self.stride.1,
                dilation: self.dilation.1,
                spread: 1,
                pad: self.pad_left,
            },
        ]
    }

    /// Rows and columns of its input gradient: a convolution of `dy`, spread out by the stride, with the
    /// kernel turned by half a turn.
    pub(super) fn backward_axes(&self) -> [Axis; 2] {
        self.forward_axes().map(|axis| Axis {
            input: axis.output,
            output: axis.input,
            taps: axis.taps,
            stride: 1,
            dilation: axis.dilation,
            spread: axis.stride,
            pad: (axis.taps - 1) * axis.dilation - axis.pad,
        })
    }
}

/// One axis of images that are convolved: tap `t` of output `o` meets input
/// `(o · stride + t · dilation − pad) / spread`, where that is whole and inside.
#[derive(Clone, Copy)]
pub(super) struct Axis {
    pub(super) input: usize,
    pub(super) output: usize,
    pub(super) taps: usize,
    pub(super) stride: usize,
    pub(super) dilation: usize,
    pub(super) spread: usize,
    pub(super) pad: usize,
}

impl Axis {
    /// The input that `tap` of `output` meets.
    #[inline(always)]
    pub(super) fn meets(&self, output: usize, tap: usize) -> Option<usize> {
        let at = (output * self.stride + tap * self.dilation).checked_sub(self.pad)?;
        let at = if self.spread == 1 {
            at
        } else if at.is_multiple_of(self.spread) {
            at / self.spread
        } else {
            return None;
        };
        (at < self.input).then_some(at)
    }

    /// Whether windows reach over the image's edge.
    pub(super) fn has_padding(&self) -> bool {
        let reach = (self.taps - 1) * self.dilation;
        let last = self.output.saturating_sub(1) * self.stride;
        self.pad > 0 || last + reach >= self.input
    }

    /// The taps, in ranges whose taps meet neighbouring inputs.
    pub(super) fn neighbours(&self) -> impl Iterator<Item = Range<usize>> {
        let step = if self.dilation == 1 && self.spread == 1 {
            self.taps
        } else {
            1
        };
        (0..self.taps)
            .step_by(step)
            .map(move |from| from..from + step)
    }

    /// What a range of [`neighbours`](Axis::neighbours) of `output` meets inside: (first tap, first input,
    /// how many).
    #[inline(always)]
    pub(super) fn run(&self, output: usize, taps: Range<usize>) -> Option<(usize, usize, usize)> {
        if taps.len() == 1 {
            return Some((taps.start, self.meets(output, taps.start)?, 1));
        }
        // The place of tap 0, counted from the padding's edge.
        let from = output * self.stride;
        let first = self.pad.saturating_sub(from).max(taps.start);
        let end = (self.input + self.pad).saturating_sub(from).min(taps.end);
        (first < end).then(|| (first, from + first - self.pad, end - first))
    }
}
