//! From products of queries and keys to weights of values, row by row, and back.
use super::{elementwise, reduce, softmax};
use crate::simd::Lanes;

/// The keys that one query may look at.
#[derive(Clone, Copy)]
pub struct Sight<'a> {
    /// None from here on.
    pub end: usize,
    /// Of those before, the ones that are not 0 here, if anything is said.
    pub mask: Option<&'a [f32]>,
}

impl Sight<'_> {
    /// Whether there is no key to be looked at.
    pub fn is_empty(&self) -> bool {
        self.mask
            .is_some_and(|mask| mask[..self.end].iter().all(|m| *m == 0.0))
    }
}

/// Turns products `x` of a query with all keys into weights: `softmax(scale · x)` of the keys that are seen, 0 for the
/// rest. Where none is seen, all weights are `blind`.
pub fn weigh<L: Lanes>(x: &mut [f32], scale: f32, sight: Sight, blind: f32) {
    if sight.is_empty() {
        x.fill(blind);
        return;
    }
    let (seen, hidden) = x.split_at_mut(sight.end);
    hidden.fill(0.0);
    let scale = L::splat(scale);
    elementwise::map_in_place::<L>(seen, |x| x.mul(scale));
    if let Some(mask) = sight.mask {
        for (x, m) in seen.iter_mut().zip(mask) {
            if *m == 0.0 {
                *x = f32::NEG_INFINITY;
            }
        }
    }
    softmax::in_place::<L>(seen);
}

/// Turns the gradient `dp` of weights `p` into that of the products: `scale · p · (dp − Σ p · dp)`. Where no key is seen
/// it is 0.
pub fn weigh_gradient<L: Lanes>(p: &[f32], dp: &mut [f32], scale: f32, sight: Sight) {
    if sight.is_empty() {
        dp.fill(0.0);
        return;
    }
    // Weights sum to 1 but for rounding; with their own sum the gradients of a row sum to 0 more nearly.
    let [products, sum] = reduce::sums::<L, 2, 2>([p, dp], |[p, dp]| [p.mul(dp), p]);
    let (mean, scale) = (L::splat(products / sum), L::splat(scale));
    elementwise::update::<L>(dp, p, |dp, p| dp.sub(mean).mul(p).mul(scale));
}
