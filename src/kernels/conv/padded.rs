//! An image with its padding around it, so that all windows lie inside.
use super::geometry::Axis;
use crate::kernels::sizes::{product, total};

/// A copy may be so many floats larger than four images.
const EXTRA: usize = 1 << 16;

/// How the copy of an image lies in memory.
#[derive(Clone, Copy)]
pub(super) struct Padded {
    pub(super) rows: Axis,
    pub(super) columns: Axis,
    pub(super) c: usize,
}

/// How far the windows of an axis reach.
fn reach(axis: &Axis) -> usize {
    let last = axis.output.saturating_sub(1) * axis.stride;
    (axis.taps - 1)
        .saturating_mul(axis.dilation)
        .saturating_add(last + 1)
}

impl Padded {
    /// Floats of the copy. Groups of four may be read past the end, and three more windows in the last row. A number
    /// too large for memory saturates, and is refused there.
    pub(super) fn len(&self) -> usize {
        let windows = product([reach(&self.rows), reach(&self.columns)]);
        let more = product([3, self.columns.stride]);
        total([product([total([windows, more]), self.c]), 4])
    }

    /// Whether a copy is not much larger than the image. With large dilation or strides it would be mostly zeros.
    pub(super) fn pays(&self) -> bool {
        let image = product([self.rows.input, self.columns.input, self.c]);
        self.len() <= total([product([4, image]), EXTRA])
    }

    /// Copies an image into the middle of `padded`, which is zero elsewhere.
    pub(super) fn copy(&self, image: &[f32], padded: &mut [f32]) {
        let (rows, columns, c) = (&self.rows, &self.columns, self.c);
        let reach = reach(columns);
        let width = columns.input.min(reach.saturating_sub(columns.pad)) * c;
        let to = padded.chunks_exact_mut((reach * c).max(1));
        let from = image.chunks_exact((columns.input * c).max(1));
        for (to, from) in to.skip(rows.pad).take(rows.input).zip(from) {
            to[columns.pad * c..][..width].copy_from_slice(&from[..width]);
        }
    }

    /// Where the window of an output pixel begins.
    #[inline(always)]
    pub(super) fn window(&self, row: usize, column: usize) -> usize {
        (row * self.rows.stride * reach(&self.columns) + column * self.columns.stride) * self.c
    }

    /// Where in a window its taps lie.
    #[inline(always)]
    pub(super) fn tap(&self, row: usize, column: usize) -> usize {
        (row * self.rows.dilation * reach(&self.columns) + column * self.columns.dilation) * self.c
    }
}
