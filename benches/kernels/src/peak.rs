//! What the engine can do at most: nothing but multiply-adds, in registers.
use mapling::simd::{Lanes, Native};
use std::hint::black_box;

/// Chains that do not wait for each other. As many as keep two units busy through the latency of a
/// multiplication and an addition; with two constants they still fit into 16 registers.
const CHAINS: usize = 12;
const STEPS: usize = 4096;

/// Floating-point operations of one [`run`].
pub const FLOPS: f64 = (2 * 4 * CHAINS * STEPS) as f64;

/// `x ← b + x·a` in every chain. The chains converge, so there is no overflow and no denormal.
pub fn run() {
    let a = Native::splat(black_box(0.999));
    let b = Native::splat(black_box(0.001));
    let mut chains: [Native; CHAINS] = std::array::from_fn(|i| Native::splat(black_box(i as f32)));
    for _ in 0..STEPS {
        for x in &mut chains {
            *x = b.mul_add(*x, a);
        }
    }
    black_box(chains.map(Native::sum));
}
