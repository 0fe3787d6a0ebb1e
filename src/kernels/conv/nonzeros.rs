//! An image as the list of its values that are not zero: behind a relu and a max pooling most are, and
//! a product with zero changes no sum.
use super::walk::List;
use crate::kernels::{bits, number};
use crate::simd::Lanes;

/// The values of one image that count, row by row.
pub(super) struct Nonzeros<'a> {
    /// For each value its place in its row, column · channels + channel, times the scale.
    list: List<'a>,
    /// For each column of each row, and each row's end, how many values come before it.
    starts: &'a [f32],
    columns: usize,
}

impl<'a> Nonzeros<'a> {
    /// How many floats of scratch an image needs.
    pub(super) fn scratch_len(rows: usize, columns: usize, c: usize) -> usize {
        let values = rows.saturating_mul(columns).saturating_mul(c);
        values
            .saturating_mul(2)
            .saturating_add(rows.saturating_mul(columns + 1))
    }

    /// Lists the values of `image` that are not zero, or all if `all`; those where `open` is not
    /// positive count as zero.
    pub(super) fn list<L: Lanes>(
        image: &[f32],
        open: Option<&[f32]>,
        all: bool,
        (rows, columns, c): (usize, usize, usize),
        scale: usize,
        scratch: &'a mut [f32],
    ) -> Self {
        let (values, scratch) = scratch.split_at_mut(image.len());
        let (places, scratch) = scratch.split_at_mut(image.len());
        let (starts, _) = scratch.split_at_mut(rows * (columns + 1));
        let mut len = 0;
        for (row, starts) in starts.chunks_exact_mut(columns + 1).enumerate() {
            for (column, start) in starts.iter_mut().enumerate() {
                *start = bits(len);
                if column < columns {
                    let pixel = (row * columns + column) * c;
                    let pixel = pixel..pixel + c;
                    len += gather::<L>(
                        &image[pixel.clone()],
                        open.map(|open| &open[pixel]),
                        all,
                        (column * c * scale, scale),
                        &mut values[len..],
                        &mut places[len..],
                    );
                }
            }
        }
        Nonzeros {
            list: List {
                values: &values[..len],
                places: &places[..len],
            },
            starts,
            columns,
        }
    }

    /// One row.
    #[inline(always)]
    pub(super) fn row(&self, row: usize) -> Row<'_> {
        Row {
            list: self.list,
            starts: &self.starts[row * (self.columns + 1)..][..=self.columns],
        }
    }
}

/// A row of [`Nonzeros`].
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    list: List<'a>,
    starts: &'a [f32],
}

impl<'a> Row<'a> {
    /// The values, and their places, of `count` neighbouring pixels.
    #[inline(always)]
    pub(super) fn pixels(&self, from: usize, count: usize) -> List<'a> {
        let run = number(self.starts[from])..number(self.starts[from + count]);
        List {
            values: &self.list.values[run.clone()],
            places: &self.list.places[run],
        }
    }
}

/// Moves the values of `x` that are not zero (or all) to the front of `values`, and where each stands,
/// `first + index · scale`, to `places`, which are as long as `x` or longer; gives their number.
#[inline(always)]
pub(super) fn gather<L: Lanes>(
    x: &[f32],
    open: Option<&[f32]>,
    all: bool,
    (first, scale): (usize, usize),
    values: &mut [f32],
    places: &mut [f32],
) -> usize {
    let zero = L::splat(0.0);
    let mut len = 0;
    let mut place = L::load(&[0, 1, 2, 3].map(|lane| bits(first + lane * scale)));
    let step = L::splat(bits(4 * scale));
    let (groups, tail) = x.as_chunks::<4>();
    for (i, x) in groups.iter().enumerate() {
        let mut x = L::load(x);
        if let Some(open) = open {
            let Some(open) = open[4 * i..].first_chunk() else {
                break;
            };
            x = L::select(zero.lt(L::load(open)), x, zero);
        }
        let set = if all { 15 } else { x.nonzero() };
        let (Some(value), Some(at)) = (
            values[len..].first_chunk_mut(),
            places[len..].first_chunk_mut(),
        ) else {
            break;
        };
        x.pack(set).store(value);
        place.pack(set).store(at);
        place = place.add_bits(step);
        len += set.count_ones() as usize;
    }
    for (x, i) in tail.iter().zip(4 * groups.len()..) {
        let counts = open.is_none_or(|open| open[i] > 0.0);
        values[len] = if counts { *x } else { 0.0 };
        places[len] = bits(first + i * scale);
        len += usize::from(all | (values[len] != 0.0));
    }
    len
}
