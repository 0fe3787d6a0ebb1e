//! The sums of a kernel's gradient over the pixels of many images: plain ones, or, where they are so long that rounding
//! errors would add up, sums of blocks of pixels whose rounding errors are kept.
use super::geometry::Conv2d;
use crate::kernels::compensated;
use crate::simd::Lanes;
use core::ops::Range;

/// With more pixels than this, sums are added up in blocks.
const LONG: usize = 8192;
/// Pixels of such a block.
const FOLD: usize = 256;

/// Whether sums over so many pixels are added up in blocks.
pub(super) fn are_long(pixels: usize) -> bool {
    pixels > LONG
}

/// Neighbouring pixels of an output image: some rows, or a part of one.
#[derive(Clone)]
pub(super) struct Block {
    pub(super) rows: Range<usize>,
    pub(super) columns: Range<usize>,
}

impl Block {
    /// The blocks of an output image, in order; one if sums are not long.
    pub(super) fn all(g: &Conv2d, long: bool) -> impl Iterator<Item = Block> {
        let (rows, columns) = match (long, FOLD.checked_div(g.ow)) {
            (true, Some(0)) => (1, FOLD),
            (true, Some(rows)) => (rows, g.ow),
            _ => (g.oh.max(1), g.ow.max(1)),
        };
        let (oh, ow) = (g.oh, g.ow);
        (0..oh).step_by(rows).flat_map(move |row| {
            (0..ow).step_by(columns).map(move |column| Block {
                rows: row..oh.min(row + rows),
                columns: column..ow.min(column + columns),
            })
        })
    }

    /// Its pixels' rows and columns, in order.
    pub(super) fn pixels(&self) -> impl Iterator<Item = (usize, usize)> {
        let columns = self.columns.clone();
        (self.rows.clone()).flat_map(move |row| columns.clone().map(move |column| (row, column)))
    }
}

/// The sums of a part of a batch: of the kernel's gradient, and behind them of the bias's.
pub(super) struct Sums<'a> {
    all: &'a mut [f32],
    /// Where those of the bias begin, and how many they are.
    bias: Range<usize>,
    /// The rounding errors, and room for the sums of a block.
    long: Option<(&'a mut [f32], &'a mut [f32])>,
}

impl<'a> Sums<'a> {
    /// Zeros in `all`; what is needed beside them, if they are long, comes from `scratch`.
    pub(super) fn new(
        all: &'a mut [f32],
        bias: Range<usize>,
        long: bool,
        scratch: &'a mut [f32],
    ) -> (Self, &'a mut [f32]) {
        let len = if long { all.len() } else { 0 };
        let (errors, scratch) = scratch.split_at_mut(len);
        let (fold, scratch) = scratch.split_at_mut(len);
        all.fill(0.0);
        errors.fill(0.0);
        let long = long.then_some((errors, fold));
        (Sums { all, bias, long }, scratch)
    }

    /// Whether they are added up in blocks.
    pub(super) fn are_long(&self) -> bool {
        self.long.is_some()
    }

    /// Adds what `add` adds to the kernel's sums and to the bias's.
    #[inline(always)]
    pub(super) fn add<L: Lanes>(&mut self, add: impl FnOnce(&mut [f32], &mut [f32])) {
        let (from, len) = (self.bias.start, self.bias.len());
        match &mut self.long {
            None => {
                let (sums, db) = self.all.split_at_mut(from);
                add(sums, &mut db[..len]);
            }
            Some((errors, fold)) => {
                fold.fill(0.0);
                let (sums, db) = fold.split_at_mut(from);
                add(sums, &mut db[..len]);
                compensated::add::<L>(self.all, errors, fold);
            }
        }
    }

    /// Gives back what rounding took.
    pub(super) fn finish(self) {
        if let Some((errors, _)) = self.long {
            let all = self.all.iter_mut().zip(errors);
            all.for_each(|(sum, error)| *sum += *error);
        }
    }
}
