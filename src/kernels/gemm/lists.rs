//! Lists of the places where rows of a matrix are not 0.
use super::MatRef;
use crate::kernels::{bits, number};
use crate::simd::Lanes;
use core::array::from_fn;
use core::ops::Range;

/// Rows of a transposed A that are searched for zeros at once, because they share cache lines.
pub const GROUP: usize = 16;
/// Columns that one word describes, a bit for each.
const WORD: usize = u32::BITS as usize;

/// A place where one of `N - 1` rows of A is not 0: the first row's value, the place as bits, the second row's value.
pub(super) type Entry<const N: usize> = [f32; N];

/// Floats of scratch for rows of length `k`: the list of a pair of rows, and the words of a [`GROUP`].
pub(super) fn list_len(k: usize) -> usize {
    3 * k + GROUP * k.div_ceil(WORD)
}

/// Where the row of B begins that an entry is to be multiplied with.
#[inline(always)]
pub(super) fn place<const N: usize>(entry: &Entry<N>) -> usize {
    number(entry[1])
}

/// Lists the elements of the row `a`, or only those that are not 0 if `skip` says so. Element `p` gets the place
/// `p · stride`. Returns the list's length.
pub(super) fn list_row<L: Lanes>(
    a: &[f32],
    stride: usize,
    skip: bool,
    list: &mut [Entry<2>],
) -> usize {
    // A loop for each: the question inside of it takes a tenth of its time.
    if skip {
        list_row_of::<L, true>(a, stride, list)
    } else {
        list_row_of::<L, false>(a, stride, list)
    }
}

#[inline(always)]
fn list_row_of<L: Lanes, const SKIP: bool>(
    a: &[f32],
    stride: usize,
    list: &mut [Entry<2>],
) -> usize {
    let mut length = 0;
    let first = L::load(&from_fn(|lane| bits(lane * stride)));
    let all = if SKIP { 0 } else { 15 };
    let (groups, tail) = a.as_chunks::<4>();
    for (group, x) in groups.iter().enumerate() {
        let x = L::load(x);
        let set = x.nonzero() | all;
        if set == 0 {
            continue;
        }
        let Some(entries) = list[length..].as_flattened_mut().first_chunk_mut::<8>() else {
            break;
        };
        let places = first.add_bits(L::splat(bits(4 * group * stride)));
        let packed = x.pack(set).interleave(places.pack(set));
        for (packed, entries) in packed.into_iter().zip(entries.as_chunks_mut().0) {
            packed.store(entries);
        }
        length += set.count_ones() as usize;
    }
    for (x, p) in tail.iter().zip(4 * groups.len()..) {
        list[length] = [*x, bits(p * stride)];
        length += usize::from(!SKIP | (*x != 0.0));
    }
    length
}

/// Finds where the rows of `a`, which lies in memory as its transpose, are not 0, for a group of neighbouring rows at a
/// time.
pub(super) struct Groups<'a> {
    a: MatRef<'a>,
    skip: bool,
    from: usize,
    /// For every [`WORD`] columns, and each row of the group, a word (as a float's bits) with a bit for each element that
    /// is not 0.
    words: &'a mut [[f32; GROUP]],
}

impl<'a> Groups<'a> {
    /// Takes scratch of [`list_len`] floats and returns the part of it that is left for the lists.
    pub(super) fn new(
        a: MatRef<'a>,
        skip: bool,
        scratch: &'a mut [f32],
    ) -> (Self, &'a mut [Entry<3>]) {
        let (words, lists) = scratch.split_at_mut(GROUP * a.cols.div_ceil(WORD));
        let groups = Groups {
            a,
            skip,
            from: 0,
            words: words.as_chunks_mut().0,
        };
        (groups, lists.as_chunks_mut().0)
    }

    /// Fills the words for these rows, at most [`GROUP`] of them.
    pub(super) fn look<L: Lanes>(&mut self, rows: Range<usize>) {
        self.from = rows.start;
        for (index, words) in self.words.iter_mut().enumerate() {
            let columns = WORD * index..self.a.cols.min(WORD * (index + 1));
            *words = if self.skip {
                nonzero::<L>(self.a, rows.clone(), columns)
            } else {
                [f32::from_bits(u32::MAX >> (WORD - columns.len())); GROUP]
            };
        }
    }

    /// Lists the elements that are not 0 in one or two rows (`rows`) of the group, from the even number `row` on. Element
    /// `p` gets the place `p · stride`. Returns the list's length.
    pub(super) fn list_pair(
        &self,
        row: usize,
        rows: usize,
        stride: usize,
        list: &mut [Entry<3>],
    ) -> usize {
        // A loop for each, as in [`list_row`].
        if rows > 1 {
            let below = self.a.row_stride;
            self.list_with(row, |x| x[below], stride, list)
        } else {
            self.list_with(row, |_| 0.0, stride, list)
        }
    }

    /// [`list_pair`](Groups::list_pair), where `second` finds the second row's value in what begins with the first's.
    #[inline(always)]
    fn list_with(
        &self,
        row: usize,
        second: impl Fn(&[f32]) -> f32,
        stride: usize,
        list: &mut [Entry<3>],
    ) -> usize {
        let mut length = 0;
        for (index, words) in self.words.iter().enumerate() {
            let mut set = words[row].to_bits() | words[row + 1].to_bits();
            while set != 0 {
                let p = WORD * index + set.trailing_zeros() as usize;
                let x = self.a.from(self.from + row, p);
                list[length] = [x[0], bits(p * stride), second(x)];
                length += 1;
                set &= set - 1;
            }
        }
        length
    }
}

/// For each of these rows of A (at most [`GROUP`]) a word with a bit for each of these columns (at most [`WORD`]) where
/// the row is not 0. The words are the bits of floats.
fn nonzero<L: Lanes>(a: MatRef, rows: Range<usize>, columns: Range<usize>) -> [f32; GROUP] {
    let mut words = [L::splat(0.0); GROUP / 4];
    let mut bit = L::splat(f32::from_bits(1));
    let mut look = |column: &[f32; GROUP]| {
        for (words, x) in words.iter_mut().zip(column.as_chunks().0) {
            *words = words.add_bits(L::select(L::load(x).zeros(), L::splat(0.0), bit));
        }
        bit = bit.add_bits(bit);
    };
    if a.row_stride == 1 && rows.len() == GROUP {
        let across = a.from(rows.start, columns.start).chunks(a.col_stride);
        let across = across.take(columns.len());
        across.filter_map(|x| x.first_chunk()).for_each(look);
    } else {
        for column in columns {
            let mut x = [0.0; GROUP];
            for (row, x) in rows.clone().zip(&mut x) {
                *x = a.from(row, column)[0];
            }
            look(&x);
        }
    }
    let mut floats = [0.0; GROUP];
    for (words, floats) in words.into_iter().zip(floats.as_chunks_mut().0) {
        words.store(floats);
    }
    floats
}
