//! An image as the list of its values that are not zero: behind a relu and a max pooling most are, and
//! a product with zero changes no sum.
use super::walk::List;
use crate::simd::Lanes;

/// The values of one image that count, row by row. Places are whole numbers that ride in floats as bits.
pub(super) struct Nonzeros<'a> {
    /// The values, in the image's order.
    values: &'a [f32],
    /// For each value its place in its row, column · channels + channel, times the scale.
    places: &'a [f32],
    /// For each column of each row, and each row's end, how many values come before it.
    starts: &'a [f32],
    columns: usize,
}

impl<'a> Nonzeros<'a> {
    /// How many floats of scratch an image needs.
    pub(super) fn scratch_len(rows: usize, columns: usize, c: usize) -> usize {
        2 * rows * columns * c + rows * (columns + 1)
    }

    /// Lists the values of `image` that are not zero, or all if `all`; those where `open` is not
    /// positive count as zero.
    pub(super) fn list(
        image: &[f32],
        open: Option<&[f32]>,
        all: bool,
        (rows, columns, c): (usize, usize, usize),
        scale: usize,
        scratch: &'a mut [f32],
    ) -> Self {
        let row_len = columns * c;
        let (values, scratch) = scratch.split_at_mut(image.len());
        let (places, scratch) = scratch.split_at_mut(image.len());
        let (starts, _) = scratch.split_at_mut(rows * (columns + 1));
        let mut len = 0;
        for (y, starts) in starts.chunks_exact_mut(columns + 1).enumerate() {
            for (x, start) in starts.iter_mut().enumerate() {
                *start = bits(len);
                if x == columns {
                    break;
                }
                let from = y * row_len + x * c;
                let mut push = |value: f32, channel: usize| {
                    values[len] = value;
                    places[len] = bits((x * c + channel) * scale);
                    len += usize::from(all | (value != 0.0));
                };
                let pixel = &image[from..from + c];
                match open {
                    None => pixel.iter().zip(0..).for_each(|(value, channel)| push(*value, channel)),
                    Some(open) => {
                        for ((value, open), channel) in pixel.iter().zip(&open[from..from + c]).zip(0..) {
                            push(if *open > 0.0 { *value } else { 0.0 }, channel);
                        }
                    }
                }
            }
        }
        Nonzeros {
            values: &values[..len],
            places: &places[..len],
            starts,
            columns,
        }
    }

    /// One row.
    #[inline(always)]
    pub(super) fn row(&self, row: usize) -> Row<'_> {
        Row {
            values: self.values,
            places: self.places,
            starts: &self.starts[row * (self.columns + 1)..][..=self.columns],
        }
    }
}

/// A row of [`Nonzeros`].
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    values: &'a [f32],
    places: &'a [f32],
    starts: &'a [f32],
}

impl Row<'_> {
    /// The values, and their places, of `count` neighbouring pixels.
    #[inline(always)]
    pub(super) fn pixels(&self, from: usize, count: usize) -> List<'_> {
        let run = number(self.starts[from])..number(self.starts[from + count]);
        List {
            values: &self.values[run.clone()],
            places: &self.places[run],
        }
    }
}

/// A whole number as the bits of a float.
#[inline(always)]
pub(super) fn bits(number: usize) -> f32 {
    f32::from_bits(number as u32)
}

/// The whole number that rides in a float.
#[inline(always)]
pub(super) fn number(bits: f32) -> usize {
    bits.to_bits() as usize
}

/// Whether no value is NaN or infinite.
pub(super) fn all_finite<L: Lanes>(x: &[f32]) -> bool {
    let zero = L::splat(0.0);
    let (groups, tail) = x.as_chunks::<4>();
    let sum = groups
        .iter()
        .fold(zero, |sum, x| sum.mul_add(L::load(x), zero));
    tail.iter().fold(sum.sum(), |sum, x| sum + x * 0.0) == 0.0
}
