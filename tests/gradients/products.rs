//! Products of matrices, losses and normalisations.
use crate::{check, random, weigh};
use mapling::Tensor;
use mapling::base::rng::Rng;

#[test]
fn matrix_products() {
    for (m, k, n) in [(1, 1, 1), (3, 5, 7), (1, 4, 10), (5, 1, 2)] {
        check("matmul", &[&[m, k], &[k, n]], -1.0, 1.0, &|x| {
            x[0].matmul(&x[1])
        });
    }
    for samples in [1, 3, 5] {
        let shapes: &[&[usize]] = &[&[samples, 5], &[5, 7], &[7]];
        check("dense", shapes, -1.0, 1.0, &|x| {
            x[0].dense(&x[1], &x[2], false)
        });
        // With all values positive relu has no kink nearby.
        check("dense with relu", shapes, 0.2, 0.5, &|x| {
            x[0].dense(&x[1], &x[2], true)
        });
    }
    check(
        "matmul, stacked",
        &[&[2, 3, 4], &[2, 4, 5]],
        -1.0,
        1.0,
        &|x| x[0].matmul(&x[1]),
    );
    check(
        "matmul, the second transposed",
        &[&[2, 3, 4], &[2, 5, 4]],
        -1.0,
        1.0,
        &|x| x[0].matmul_transposed(&x[1]),
    );
    check(
        "matmul, stack times one",
        &[&[2, 3, 4], &[4, 2]],
        -1.0,
        1.0,
        &|x| x[0].matmul(&x[1]),
    );
    check(
        "matmul, stacks broadcast",
        &[&[2, 1, 2, 3], &[3, 3, 2]],
        -1.0,
        1.0,
        &|x| x[0].matmul(&x[1]),
    );
}

#[test]
fn softmax_and_losses() {
    for shape in [&[1, 1][..], &[3, 5], &[2, 3, 7]] {
        check("softmax", &[shape], -2.0, 2.0, &|x| x[0].softmax());
        check("log_softmax", &[shape], -2.0, 2.0, &|x| x[0].log_softmax());
        check("cross_entropy", &[shape, shape], 0.1, 1.0, &|x| {
            x[0].cross_entropy(&x[1])
        });
        check("mean_squared_error", &[shape, shape], -1.0, 1.0, &|x| {
            x[0].mean_squared_error(&x[1])
        });
    }
}

#[test]
fn the_gradient_of_logits_alone_has_the_bits_of_that_beside_the_targets() {
    let mut rng = Rng::new(8);
    for shape in [&[1, 1][..], &[32, 10], &[2, 3, 7]] {
        let [x, t] = [0, 1].map(|_| random(shape, &mut rng, 0.0, 2.0));
        let x = x.tracked();
        let gradient = |t: &Tensor| {
            let losses = weigh(&x.cross_entropy(t).unwrap());
            losses.backward().unwrap().get(&x).unwrap()
        };
        assert_eq!(gradient(&t).data(), gradient(&t.tracked()).data());
    }
}

#[test]
fn layer_normalisations() {
    for (rows, n) in [(3, 5), (2, 8), (4, 11)] {
        for centered in [true, false] {
            let shapes: &[&[usize]] = &[&[rows, n], &[n], &[n]];
            check("layer_norm", shapes, -1.0, 1.0, &|x| {
                x[0].layer_norm(Some(&x[1]), Some(&x[2]), 0.1, centered)
            });
            check("layer_norm, scaled", &shapes[..2], -1.0, 1.0, &|x| {
                x[0].layer_norm(Some(&x[1]), None, 0.1, centered)
            });
            check("layer_norm, shifted", &shapes[..2], -1.0, 1.0, &|x| {
                x[0].layer_norm(None, Some(&x[1]), 0.1, centered)
            });
            check("layer_norm, plain", &shapes[..1], -1.0, 1.0, &|x| {
                x[0].layer_norm(None, None, 0.1, centered)
            });
        }
    }
}
