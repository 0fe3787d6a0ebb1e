//! One step of a plain recurrent network (Elman 1990), but for the matrix products. Slices hold a row for each sample,
//! with one value a unit.
use super::lstm::{Lanewise, each};
use super::transcendental::tanh;
use crate::simd::Lanes;

/// `z` and `h` become `tanh(z + bias + sums)`.
pub fn forward<L: Lanes>(z: &mut [f32], bias: &[f32], sums: &[f32], h: &mut [f32]) {
    struct Kernel;
    impl<L: Lanes> Lanewise<L, 2, 2> for Kernel {
        #[inline(always)]
        fn at([bias, sums]: [L; 2], [z, _]: [L; 2]) -> [L; 2] {
            let h = tanh(z.add(bias).add(sums));
            [h, h]
        }
    }
    let units = bias.len().max(1);
    let rows = z.chunks_exact_mut(units).zip(h.chunks_exact_mut(units));
    for ((z, h), sums) in rows.zip(sums.chunks_exact(units)) {
        each::<L, Kernel, 2, 2>([bias, sums], [z, h]);
    }
}

/// `dz = dh · (1 − h²)`.
pub fn backward<L: Lanes>(h: &[f32], dh: &[f32], dz: &mut [f32]) {
    struct Kernel;
    impl<L: Lanes> Lanewise<L, 2, 1> for Kernel {
        #[inline(always)]
        fn at([h, dh]: [L; 2], _: [L; 1]) -> [L; 1] {
            [dh.mul(L::splat(1.0).sub(h.mul(h)))]
        }
    }
    each::<L, Kernel, 2, 1>([h, dh], [dz]);
}
