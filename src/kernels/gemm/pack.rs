//! Copies parts of a matrix into the order in which the inner loop reads them.
use super::MatRef;
use crate::simd::Lanes;
use core::ops::Range;

/// Packs the lines `i` of `x` in panels of `width` (a multiple of 4; the last is filled up with zeros):
/// a panel holds, for each of the positions `k` in turn, the elements of its lines. Lines are `x`'s rows.
pub(super) fn panels<L: Lanes>(
    x: MatRef,
    i: Range<usize>,
    k: Range<usize>,
    width: usize,
    packed: &mut [f32],
) {
    let mut from = i.start;
    for panel in packed.chunks_exact_mut(width * k.len()) {
        let lines = width.min(i.end - from);
        if x.row_stride == 1 {
            let (all, stride) = (x.from(from, k.start), x.col_stride);
            let fits = lines == width && stride >= width;
            match width {
                4 if fits => whole::<4>(all, stride, panel),
                8 if fits => whole::<8>(all, stride, panel),
                12 if fits => whole::<12>(all, stride, panel),
                _ => {
                    for (p, to) in panel.chunks_exact_mut(width).enumerate() {
                        to[..lines].copy_from_slice(&all[p * stride..][..lines]);
                        to[lines..].fill(0.0);
                    }
                }
            }
        } else {
            for (group, offset) in (0..width).step_by(4).enumerate() {
                four::<L>(
                    x,
                    from + 4 * group..from + lines,
                    &k,
                    width,
                    &mut panel[offset..],
                );
            }
        }
        from += lines;
    }
}

/// Packs a panel of `WIDTH` lines whose elements lie side by side, with `stride` from a position to the next.
fn whole<const WIDTH: usize>(x: &[f32], stride: usize, panel: &mut [f32]) {
    let positions = panel.as_chunks_mut::<WIDTH>().0;
    for (to, x) in positions.iter_mut().zip(x.chunks(stride)) {
        if let Some(x) = x.first_chunk::<WIDTH>() {
            *to = *x;
        }
    }
}

/// Stores four elements at a place.
#[inline(always)]
fn store<L: Lanes>(column: L, to: &mut [f32], place: usize) {
    if let Some(to) = to.get_mut(place..).and_then(|to| to.first_chunk_mut()) {
        column.store(to);
    }
}

/// Packs four lines of a panel. Positions are `width` apart, and lines past the end of `i` are zeros.
fn four<L: Lanes>(x: MatRef, i: Range<usize>, k: &Range<usize>, width: usize, to: &mut [f32]) {
    let mut done = 0;
    if x.col_stride == 1 && i.len() >= 4 {
        let lines: [&[[f32; 4]]; 4] = core::array::from_fn(|line| {
            x.from(i.start + line, k.start)[..k.len()]
                .as_chunks::<4>()
                .0
        });
        let [a, b, c, d] = lines;
        for (((a, b), c), d) in a.iter().zip(b).zip(c).zip(d) {
            // A loop over the four columns would be one, with an array in memory, where functions are compiled for size.
            let [a, b, c, d] = L::transpose([L::load(a), L::load(b), L::load(c), L::load(d)]);
            store(a, to, done * width);
            store(b, to, (done + 1) * width);
            store(c, to, (done + 2) * width);
            store(d, to, (done + 3) * width);
            done += 4;
        }
    }
    for line in 0..4 {
        for p in done..k.len() {
            to[p * width + line] = if line < i.len() {
                x.data[(i.start + line) * x.row_stride + (k.start + p) * x.col_stride]
            } else {
                0.0
            };
        }
    }
}
