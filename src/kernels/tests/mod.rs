//! Every kernel against a plain f64 reference, over awkward sizes.
mod elements;
mod fourier;
mod functions;
mod images;
mod lanes;
mod matrices;
mod recurrent;

use crate::base::rng::Rng;
use crate::kernels::golden::{GOLDEN, golden_hash, golden_hashes};
use crate::simd::{Native, Portable};
use std::{format, vec, vec::Vec};

fn uniform(rng: &mut Rng, len: usize) -> Vec<f32> {
    (0..len).map(|_| rng.uniform(-1.0, 1.0)).collect()
}

/// Values of which all but a share `density` are 0.
fn sparse(rng: &mut Rng, len: usize, density: f32) -> Vec<f32> {
    (0..len)
        .map(|_| {
            if rng.unit() < density {
                rng.uniform(-1.0, 1.0)
            } else {
                0.0
            }
        })
        .collect()
}

/// Fails unless every value is within `tolerance` times the scale of the expected ones.
fn assert_close(what: &str, got: &[f32], expected: &[f64], tolerance: f64) {
    assert_eq!(got.len(), expected.len(), "{what}");
    let scale = expected.iter().fold(1.0f64, |scale, x| scale.max(x.abs()));
    for (i, (got, expected)) in got.iter().zip(expected).enumerate() {
        assert!(
            (f64::from(*got) - expected).abs() <= tolerance * scale,
            "{what}[{i}]: {got}, expected {expected}"
        );
    }
}

#[test]
fn every_kernel_has_the_same_bits_on_portable_and_native_lanes() {
    assert_eq!(golden_hashes::<Portable>(), golden_hashes::<Native>());
}

#[test]
fn the_bits_of_all_kernels_have_not_changed() {
    let hash = format!("{:016x}", golden_hash::<Native>());
    let words = [0, 4, 8, 12].map(|at| &hash[at..at + 4]).join("_");
    assert!(
        golden_hash::<Native>() == GOLDEN,
        "If kernels were added, or are meant to give other bits, src/kernels/golden.rs takes `0x{words}`. The parts:\n{:#x?}",
        golden_hashes::<Native>()
    );
}
