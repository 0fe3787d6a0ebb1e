//! The inner loop of all convolutions: a list of values, each times a row of numbers, summed in order.
use crate::kernels::number;
use crate::simd::Lanes;

/// The most groups of four that are summed at once: more do not fit into a machine's 16 registers.
pub(super) const WIDEST: usize = 8;

/// Values that are not zero, and where the row that each multiplies begins.
#[derive(Clone, Copy)]
pub(super) struct List<'a> {
    pub(super) values: &'a [f32],
    /// Whole numbers that ride in floats as bits.
    pub(super) places: &'a [f32],
}

impl List<'_> {
    /// `sums += Σ value · rows[place + offset ..]`, offsets wrapping.
    #[inline(always)]
    pub(super) fn add_to<L: Lanes>(
        self,
        mut sums: &mut [[f32; 4]],
        rows: &[f32],
        mut offset: usize,
    ) {
        while !sums.is_empty() {
            // Called by name: lists are short, and a call through a pointer takes as long as two of their values.
            let groups = match sums.len() {
                8.. => walk::<L, 8>(self, rows, offset, sums),
                4.. => walk::<L, 4>(self, rows, offset, sums),
                2.. => walk::<L, 2>(self, rows, offset, sums),
                _ => walk::<L, 1>(self, rows, offset, sums),
            };
            offset = offset.wrapping_add(4 * groups);
            sums = &mut sums[groups..];
        }
    }
}

/// [`List::add_to`] for the first `N` groups of four; returns `N`.
///
/// This is a function of its own, with nothing around the loop, because engines unroll a loop more the deeper it is
/// nested, and then run out of registers.
#[inline(never)]
fn walk<L: Lanes, const N: usize>(
    list: List,
    rows: &[f32],
    offset: usize,
    sums: &mut [[f32; 4]],
) -> usize {
    let Some(sums) = sums.first_chunk_mut::<N>() else {
        return N;
    };
    let mut registers = sums.each_ref().map(L::load);
    for (value, place) in list.values.iter().zip(list.places) {
        let value = L::splat(*value);
        let row = &rows[number(*place).wrapping_add(offset)..][..4 * N];
        for (sum, x) in registers.iter_mut().zip(row.as_chunks::<4>().0) {
            *sum = sum.mul_add(value, L::load(x));
        }
    }
    for (register, sum) in registers.into_iter().zip(sums) {
        register.store(sum);
    }
    N
}
