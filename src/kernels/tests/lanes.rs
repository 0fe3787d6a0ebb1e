//! Kernels of recurrent networks and of batch normalisation give the same bits on every kind of lanes.

use crate::base::rng::Rng;
use crate::kernels::{batch_norm, gru, simple_rnn};
use crate::simd::{Lanes, Native, Portable};
use std::{vec, vec::Vec};

fn uniform(rng: &mut Rng, len: usize) -> Vec<f32> {
    (0..len).map(|_| rng.uniform(-2.0, 2.0)).collect()
}

/// Everything that the kernels of recurrent networks write.
fn recurrent<L: Lanes>(rows: usize, units: usize) -> Vec<Vec<f32>> {
    let mut rng = Rng::new(1);
    let mut any = |columns: usize| uniform(&mut rng, columns * rows * units);
    let (mut after, mut before, mut simple) = (any(3), any(3), any(1));
    let (sums, mut h, mut dh) = (any(3), any(1), any(1));
    let bias = uniform(&mut Rng::new(2), 6 * units);
    let [mut kept, mut dz, mut dsums] = [1, 3, 3].map(|n| vec![0.0; n * rows * units]);
    let mut all = Vec::new();
    let start = h.clone();
    gru::forward_after::<L>(&mut after, &bias, &sums, &mut kept, &mut h);
    gru::backward_after::<L>([&after, &kept, &start], &mut dh, &mut dz, &mut dsums, units);
    all.extend([
        after,
        kept.clone(),
        h.clone(),
        dh.clone(),
        dz.clone(),
        dsums,
    ]);
    let (two, one) = (&sums[..2 * rows * units], &sums[..rows * units]);
    gru::gates_before::<L>(&mut before, &bias[..3 * units], two, &mut kept, &h);
    gru::candidate_before::<L>(&mut before, &bias[..3 * units], one, &mut h);
    gru::backward_candidate::<L>(&before, &start, &mut dh, &mut dz, units);
    gru::backward_reset::<L>([&before, &start, &kept], &mut dh, &mut dz, units);
    all.extend([before, kept, h.clone(), dh.clone(), dz.clone()]);
    simple_rnn::forward::<L>(&mut simple, &bias[..units], one, &mut h);
    simple_rnn::backward::<L>(&h, &dh, &mut dz[..rows * units]);
    all.extend([simple, h, dz]);
    all
}

/// Everything that the kernels of batch normalisation write.
fn normalised<L: Lanes>(rows: usize, columns: usize) -> Vec<Vec<f32>> {
    let mut rng = Rng::new(3);
    let (x, dy) = (
        uniform(&mut rng, rows * columns),
        uniform(&mut rng, rows * columns),
    );
    let [mean, scale, bend, shift] = [(); 4].map(|()| uniform(&mut rng, columns));
    let [mut squares, mut sums, mut products] = [(); 3].map(|()| vec![0.0; columns]);
    let [mut y, mut dx] = [(); 2].map(|()| vec![0.0; rows * columns]);
    batch_norm::squares::<L>(&x, &mean, &mut squares);
    batch_norm::gradients::<L>(&x, &dy, &mean, &mut sums, &mut products);
    batch_norm::normalize::<L>(&x, &mean, &scale, &shift, &mut y);
    batch_norm::input_gradient::<L>([&x, &dy], [&mean, &scale, &bend, &shift], &mut dx);
    vec![squares, sums, products, y, dx]
}

#[test]
fn recurrent_steps_and_batch_normalisation_have_the_same_bits_on_all_lanes() {
    for (rows, columns) in [(0, 3), (1, 1), (3, 5), (4, 16), (7, 39)] {
        assert_eq!(
            recurrent::<Portable>(rows, columns),
            recurrent::<Native>(rows, columns)
        );
        assert_eq!(
            normalised::<Portable>(rows, columns),
            normalised::<Native>(rows, columns)
        );
    }
}
