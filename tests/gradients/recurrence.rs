//! Recurrent ops.
use crate::{check, random, weigh};
use mapling::Tensor;
use mapling::base::rng::Rng;
use mapling::ops::{Cell, Reading};

fn readings() -> impl Iterator<Item = Reading> {
    (0..4).map(|n| Reading {
        backwards: n & 1 > 0,
        sequences: n & 2 > 0,
    })
}

#[test]
fn recurrence() {
    for (batch, time, features, units) in [(1, 1, 1, 1), (2, 3, 5, 2), (3, 2, 1, 5), (1, 5, 2, 3)] {
        for reading in readings() {
            let n = 4 * units;
            let what = format!("lstm {batch} {time} {features} {units} {reading:?}");
            let shapes: &[&[usize]] =
                &[&[batch, time, features], &[features, n], &[units, n], &[n]];
            check(&what, shapes, -1.0, 1.0, &|x| {
                x[0].lstm(&x[1], &x[2], Some(&x[3]), reading)
            });
            check(&what, &shapes[..3], -1.0, 1.0, &|x| {
                x[0].lstm(&x[1], &x[2], None, reading)
            });
        }
    }
    // One tensor in two places gets the sum of both gradients.
    check("lstm, shared", &[&[2, 3, 2], &[2, 8]], -1.0, 1.0, &|x| {
        x[0].lstm(&x[1], &x[1], None, Reading::default())
    });
}

#[test]
fn fused_lstm_agrees_with_its_plain_form() {
    for (batch, time, features, units) in
        [(1, 1, 1, 1), (3, 7, 5, 11), (0, 2, 3, 4), (5, 28, 28, 16)]
    {
        for reading in readings() {
            let mut rng = Rng::new(4);
            let n = 4 * units;
            let shapes: [&[usize]; 4] =
                [&[batch, time, features], &[features, n], &[units, n], &[n]];
            let inputs = shapes.map(|shape| random(shape, &mut rng, -1.0, 1.0).tracked());
            let [x, w, u, b] = &inputs;
            let fused = x.lstm(w, u, Some(b), reading).unwrap();
            let plain = x
                .lstm_plain(w, u, Some(b), reading, Cell::default())
                .unwrap();
            let gradients = [&fused, &plain].map(|y| weigh(y).backward().unwrap());
            let close = |what: &str, a: &Tensor, b: &Tensor| {
                assert_eq!(a.shape(), b.shape(), "{what}");
                let scale = b.data().iter().fold(1f32, |scale, b| scale.max(b.abs()));
                for (a, b) in a.data().iter().zip(b.data()) {
                    assert!(
                        (a - b).abs() <= 1e-5 * scale,
                        "{what}, {shapes:?} {reading:?}: {a}, plain {b}"
                    );
                }
            };
            assert_eq!(
                fused.data(),
                plain.data(),
                "the same sums in the same order"
            );
            for (what, input) in ["dx", "dw", "du", "db"].iter().zip(&inputs) {
                let zeros = || Tensor::zeros(input.shape()).unwrap();
                let [fused, plain] = gradients
                    .each_ref()
                    .map(|g| g.get(input).unwrap_or_else(zeros));
                close(what, &fused, &plain);
            }
        }
    }
}

#[test]
fn a_gradient_pulled_back_through_lstm_is_linear_in_what_arrives() {
    let mut rng = Rng::new(6);
    let [x, w, u] = [&[2, 3, 2][..], &[2, 12], &[3, 12]].map(|s| random(s, &mut rng, -1.0, 1.0));
    let x = x.tracked();
    let y = x.lstm(&w, &u, None, Reading::default()).unwrap();
    let dy = random(y.shape(), &mut rng, -1.0, 1.0).tracked();
    let dx = y.pull_back(&dy).unwrap().get(&x).unwrap();
    let ddy = weigh(&dx).backward().unwrap().get(&dy).unwrap();
    let whole: f32 = ddy.data().iter().zip(dy.data()).map(|(a, b)| a * b).sum();
    assert!((whole - weigh(&dx).item().unwrap()).abs() < 1e-5);
}
