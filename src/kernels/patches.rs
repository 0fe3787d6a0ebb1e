//! Patches of images as a matrix (pixels × patch), and back.
//!
//! With many channels a patch is a row, because whole runs of channels are copied. With few, runs
//! would be a handful of floats, so the matrix is laid out by columns: the same kernel element for
//! one output pixel after the other is a long run again.
use super::conv::Conv2d;
use super::elementwise;
use super::gemm::MatRef;
use crate::simd::Lanes;
use core::ops::Range;

/// Whether the matrix of patches lies column by column.
pub(super) fn in_columns(g: &Conv2d) -> bool {
    g.c < 4
}

/// The matrix that [`lay_out`] writes: `rows` output pixels, a row for each.
pub(super) fn view<'a>(g: &Conv2d, patches: &'a [f32], rows: usize) -> MatRef<'a> {
    let k = g.patch_len();
    if in_columns(g) {
        MatRef::row_major(patches, k, rows).t()
    } else {
        MatRef::row_major(patches, rows, k)
    }
}

/// Copies the patches of the output pixels from `from` on, as many as `patches` has room for.
pub(super) fn lay_out(g: &Conv2d, x: &[f32], from: usize, patches: &mut [f32]) {
    if in_columns(g) {
        return for_each_column_run(g, from, patches.len(), |at, inside, source| {
            let run = &mut patches[at];
            run[..inside.start].fill(0.0);
            run[inside.end..].fill(0.0);
            let run = &mut run[inside];
            let step = g.stride.1 * g.c;
            if step == 1 {
                run.copy_from_slice(&x[source..source + run.len()]);
            } else {
                for (to, x) in run.iter_mut().zip(x[source..].iter().step_by(step)) {
                    *to = *x;
                }
            }
        });
    }
    for (i, patch) in patches.chunks_exact_mut(g.patch_len().max(1)).enumerate() {
        for_each_run(g, from + i, |source, at, len| {
            let patch = &mut patch[at..at + len];
            match source {
                Some(source) => patch.copy_from_slice(&x[source..source + len]),
                None => patch.fill(0.0),
            }
        });
    }
}

/// Adds patches back to the pixels that they came from.
pub(super) fn put_back<L: Lanes>(g: &Conv2d, patches: &[f32], from: usize, dx: &mut [f32]) {
    if in_columns(g) {
        return for_each_column_run(g, from, patches.len(), |at, inside, source| {
            let run = &patches[at][inside];
            let step = g.stride.1 * g.c;
            if step == 1 {
                elementwise::accumulate::<L>(&mut dx[source..source + run.len()], run);
            } else {
                for (dx, x) in dx[source..].iter_mut().step_by(step).zip(run) {
                    *dx += x;
                }
            }
        });
    }
    for (i, patch) in patches.chunks_exact(g.patch_len().max(1)).enumerate() {
        for_each_run(g, from + i, |source, at, len| {
            if let Some(source) = source {
                elementwise::accumulate::<L>(&mut dx[source..source + len], &patch[at..at + len]);
            }
        });
    }
}

/// Calls `run` with (offset into the image data or `None` for padding, offset into the patch,
/// length) for every contiguous run of the patch of output pixel `pixel`.
#[inline(always)]
fn for_each_run(g: &Conv2d, pixel: usize, mut run: impl FnMut(Option<usize>, usize, usize)) {
    let (image, oy, ox) = (pixel / g.ow / g.oh, pixel / g.ow % g.oh, pixel % g.ow);
    let (top, left) = (oy * g.stride.0, ox * g.stride.1);
    let row_len = g.kw * g.c;
    for ky in 0..g.kh {
        // Above the image wraps to a huge number: one comparison finds both ends.
        let y = (top + ky * g.dilation.0).wrapping_sub(g.pad_top);
        let at = ky * row_len;
        if y >= g.h {
            run(None, at, row_len);
            continue;
        }
        let row = (image * g.h + y) * g.w;
        if g.dilation.1 == 1 && left >= g.pad_left && left - g.pad_left + g.kw <= g.w {
            run(Some((row + left - g.pad_left) * g.c), at, row_len);
            continue;
        }
        for kx in 0..g.kw {
            let x = (left + kx * g.dilation.1).wrapping_sub(g.pad_left);
            run((x < g.w).then(|| (row + x) * g.c), at + kx * g.c, g.c);
        }
    }
}

/// Calls `run` for every piece of a column that belongs to one row of output pixels, with (its place
/// in the `len` floats of the matrix, the part of it that is inside the image, the offset of that
/// part's first pixel in the image data).
#[inline(always)]
fn for_each_column_run(
    g: &Conv2d,
    from: usize,
    len: usize,
    mut run: impl FnMut(Range<usize>, Range<usize>, usize),
) {
    let rows = len.checked_div(g.patch_len()).unwrap_or(0);
    for column in 0..g.patch_len() {
        let (ky, kx, c) = (column / g.c / g.kw, column / g.c % g.kw, column % g.c);
        // Output columns whose input column is inside the image.
        let (right, stride) = (kx * g.dilation.1, g.stride.1);
        let first = g.pad_left.saturating_sub(right).div_ceil(stride);
        let end = (g.w + g.pad_left).saturating_sub(right).div_ceil(stride);
        let mut pixel = from;
        while pixel < from + rows {
            let (image, oy, ox) = (pixel / g.ow / g.oh, pixel / g.ow % g.oh, pixel % g.ow);
            let count = (g.ow - ox).min(from + rows - pixel);
            let at = column * rows + pixel - from;
            let y = (oy * g.stride.0 + ky * g.dilation.0).wrapping_sub(g.pad_top);
            let start = first.clamp(ox, ox + count) - ox;
            let inside = start..end.clamp(ox + start, ox + count) - ox;
            if y < g.h && !inside.is_empty() {
                let x = (ox + inside.start) * stride + right - g.pad_left;
                run(
                    at..at + count,
                    inside,
                    ((image * g.h + y) * g.w + x) * g.c + c,
                );
            } else {
                run(at..at + count, 0..0, 0);
            }
            pixel += count;
        }
    }
}
