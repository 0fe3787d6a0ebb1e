//! Sums whose rounding errors are added up beside them (Knuth's two-sum): the error of the result does not grow with the
//! number of terms.
use crate::simd::Lanes;

/// `sums += x`, and to `errors` what rounding took from the sums.
pub(super) fn add<L: Lanes>(sums: &mut [f32], errors: &mut [f32], x: &[f32]) {
    assert!(sums.len() == x.len() && errors.len() == x.len());
    let (sums, sums_tail) = sums.as_chunks_mut::<4>();
    let (errors, errors_tail) = errors.as_chunks_mut::<4>();
    let (x, x_tail) = x.as_chunks::<4>();
    for ((sums, errors), x) in sums.iter_mut().zip(errors).zip(x) {
        let [sum, error] = two_sum(L::load(sums), L::load(errors), L::load(x));
        sum.store(sums);
        error.store(errors);
    }
    for ((sums, errors), x) in sums_tail.iter_mut().zip(errors_tail).zip(x_tail) {
        let [sum, error] = two_sum(L::splat(*sums), L::splat(*errors), L::splat(*x));
        (*sums, *errors) = (sum.to_array()[0], error.to_array()[0]);
    }
}

/// `sum + x`, and `error` plus what rounding took from it. A sum that is infinite stays so.
#[inline(always)]
fn two_sum<L: Lanes>(sum: L, error: L, x: L) -> [L; 2] {
    let total = sum.add(x);
    let part = total.sub(sum);
    let lost = sum.sub(total.sub(part)).add(x.sub(part));
    // Of infinities the differences are NaN.
    let lost = L::select(lost.eq(lost), lost, L::splat(0.0));
    [total, error.add(lost)]
}
