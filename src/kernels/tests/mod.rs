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
use std::{format, string::String, vec, vec::Vec};

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

/// A hash as the sources write it.
fn in_words(hash: u64) -> String {
    let hash = format!("{hash:016x}");
    format!("0x{}", [0, 4, 8, 12].map(|at| &hash[at..at + 4]).join("_"))
}

#[test]
fn the_bits_of_all_kernels_have_not_changed() {
    let hash = golden_hash::<Native>();
    if hash != GOLDEN && std::env::var_os("GOLDEN").is_some_and(|what| what == "write") {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/kernels/golden.rs");
        let text = std::fs::read_to_string(file).unwrap();
        std::fs::write(file, text.replace(&in_words(GOLDEN), &in_words(hash))).unwrap();
        return;
    }
    assert!(
        hash == GOLDEN,
        "The hash is {}. If kernels were added, or are meant to give other bits, run this test with GOLDEN=write, which \
         puts it into src/kernels/golden.rs. The parts:\n{:#x?}",
        in_words(hash),
        golden_hashes::<Native>()
    );
}
