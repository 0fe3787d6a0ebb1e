//! Two-dimensional convolution (cross-correlation, as everywhere in deep learning), NHWC images and
//! HWIO kernels.
//!
//! Every output element is one plain sum in ascending order (of a kernel's gradient, the sum of one for each part
//! of the batch, or of each block of pixels where they are many), so that terms which are zero may be left out, and work be split, without a bit of difference.
//! What is multiplied with zeros must be finite for that; where it is not, nothing is left out.
mod convolve;
mod correlate;
mod depthwise;
mod direct;
mod few;
mod geometry;
mod nonzeros;
mod one_channel;
mod padded;
mod sums;
mod walk;

use super::reduce::is_finite;
use crate::simd::Lanes;
use convolve::Convolution;
use correlate::Gradient;
pub use depthwise::{
    depthwise, depthwise_input_gradient, depthwise_kernel_gradient, depthwise_scratch_len,
};
pub(super) use geometry::Windows;
pub use geometry::{Conv2d, Padding};

impl Conv2d {
    /// How many floats of scratch [`forward`] needs.
    pub fn forward_scratch_len(&self) -> usize {
        [false, true]
            .map(|listing| self.forward().listing(listing).room())
            .into_iter()
            .fold(0, usize::max)
    }

    /// How many floats of scratch each of the three kernels needs.
    pub fn scratch_len(&self) -> usize {
        let gradient = Gradient {
            g: *self,
            x: &[],
            dy: &[],
            open: None,
        };
        [false, true]
            .map(|listing| self.backward().listing(listing).room())
            .into_iter()
            .fold(gradient.scratch_len(), usize::max)
            .max(self.forward_scratch_len())
    }

    fn forward(&self) -> Convolution<'static> {
        Convolution::new(self.forward_axes(), self.c, self.f)
    }

    fn backward(&self) -> Convolution<'static> {
        Convolution::new(self.backward_axes(), self.f, self.c)
    }
}

/// What is done to the sums of the forward pass.
#[derive(Clone, Copy, Default)]
pub struct Finish<'a> {
    /// Added to every pixel, a number for each filter.
    pub bias: Option<&'a [f32]>,
    /// Whether what is negative then becomes 0.
    pub relu: bool,
}

/// `y = x * w`: `x` is n×h×w×c, `w` kh×kw×c×f, `y` n×oh×ow×f.
pub fn forward<L: Lanes>(
    g: &Conv2d,
    x: &[f32],
    w: &[f32],
    finish: Finish,
    y: &mut [f32],
    scratch: &mut [f32],
) {
    let all = !is_finite::<L>(w);
    let mut pass: Convolution = g.forward().listing(all);
    let (packed, scratch) = scratch.split_at_mut(pass.packed_len());
    pass.pack(|k, f| w[k * g.f + f], finish.bias, packed);
    pass.all = all;
    if finish.relu {
        pass.floor = 0.0;
    }
    pass.run::<L>(x, None, y, scratch);
}

/// The gradient of the input: `dx` (n×h×w×c) from `dy` (n×oh×ow×f) and the kernel `w`. `dy` counts only
/// where `open`, if given, is positive.
pub fn input_gradient<L: Lanes>(
    g: &Conv2d,
    dy: &[f32],
    open: Option<&[f32]>,
    w: &[f32],
    dx: &mut [f32],
    scratch: &mut [f32],
) {
    let (taps, c, f) = (g.kh * g.kw, g.c, g.f);
    let all = !is_finite::<L>(w);
    let mut pass: Convolution = g.backward().listing(all || open.is_some());
    let (packed, scratch) = scratch.split_at_mut(pass.packed_len());
    // Half a turn: the last tap comes first.
    let turned = |k: usize, channel: usize| w[((taps - 1 - k / f) * c + channel) * f + k % f];
    pass.pack(turned, None, packed);
    pass.all = all;
    pass.run::<L>(dy, open, dx, scratch);
}

/// The gradients of the kernel, `dw` (kh×kw×c×f), and of a bias, `db` (f), from the input `x` and `dy`
/// (n×oh×ow×f). `dy` counts only where `open`, if given, is positive.
pub fn kernel_gradient<L: Lanes>(
    g: &Conv2d,
    x: &[f32],
    dy: &[f32],
    open: Option<&[f32]>,
    dw: &mut [f32],
    db: &mut [f32],
    scratch: &mut [f32],
) {
    Gradient { g: *g, x, dy, open }.run::<L>(dw, db, scratch);
}
