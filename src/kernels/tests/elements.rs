//! Functions of single elements, and the optimizers' steps.
use super::*;
use crate::kernels::{elementwise, softmax, update};

#[test]
fn special_values_go_where_the_functions_go() {
    let inf = f32::INFINITY;
    let at = |kernel: fn(&[f32], &mut [f32]), x: f32| {
        let mut y = [0.0; 5];
        kernel(&[x; 5], &mut y);
        assert!(
            y.iter().all(|v| v.to_bits() == y[0].to_bits()),
            "the tail differs"
        );
        y[0]
    };
    let exp = elementwise::exp::<Native>;
    assert_eq!(
        (at(exp, -inf), at(exp, inf), at(exp, 0.0), at(exp, -200.0)),
        (0.0, inf, 1.0, 0.0)
    );
    assert_eq!(at(exp, -103.0), libm::expf(-103.0));
    let log = elementwise::log::<Native>;
    assert_eq!(
        (at(log, 0.0), at(log, -0.0), at(log, inf), at(log, 1.0)),
        (-inf, -inf, inf, 0.0)
    );
    assert!(at(log, -1.0).is_nan() && at(log, -inf).is_nan());
    let (tanh, sigmoid) = (elementwise::tanh::<Native>, elementwise::sigmoid::<Native>);
    assert_eq!(
        (at(tanh, inf), at(tanh, -inf), at(tanh, 0.0)),
        (1.0, -1.0, 0.0)
    );
    assert_eq!(
        (at(sigmoid, inf), at(sigmoid, -inf), at(sigmoid, 0.0)),
        (1.0, 0.0, 0.5)
    );
    for kernel in [
        exp,
        log,
        tanh,
        sigmoid,
        elementwise::sqrt::<Native>,
        elementwise::relu::<Native>,
    ] {
        assert!(at(kernel, f32::NAN).is_nan());
    }
}

#[test]
fn elementwise_kernels_are_their_formulas_and_tails_have_the_bits_of_full_lanes() {
    type Binary = (fn(&[f32], &[f32], &mut [f32]), fn(f32, f32) -> f32);
    let kernels: [Binary; 8] = [
        (elementwise::add::<Native>, |a, b| a + b),
        (elementwise::sub::<Native>, |a, b| a - b),
        (elementwise::mul::<Native>, |a, b| a * b),
        (elementwise::div::<Native>, |a, b| a / b),
        (elementwise::maximum::<Native>, f32::max),
        (elementwise::minimum::<Native>, f32::min),
        (elementwise::less::<Native>, |a, b| f32::from(a < b)),
        (elementwise::greater_equal::<Native>, |a, b| {
            f32::from(a >= b)
        }),
    ];
    let mut rng = Rng::new(5);
    for len in 0..19 {
        let (a, b) = (uniform(&mut rng, len), uniform(&mut rng, len));
        let mut y = vec![0.0; len];
        for (kernel, formula) in kernels {
            kernel(&a, &b, &mut y);
            assert!((0..len).all(|i| y[i] == formula(a[i], b[i])));
            kernel(&a, &[0.3], &mut y);
            assert!((0..len).all(|i| y[i] == formula(a[i], 0.3)));
        }
        let (mut padded, mut full) = (a.clone(), vec![0.0; 32]);
        padded.resize(32, 0.0);
        for kernel in [
            elementwise::exp::<Native>,
            elementwise::log::<Native>,
            elementwise::tanh::<Native>,
        ] {
            kernel(&a, &mut y);
            kernel(&padded, &mut full);
            assert!(
                y.iter()
                    .zip(&full)
                    .all(|(y, full)| y == full || y.is_nan() && full.is_nan())
            );
        }
    }
}

#[test]
fn rows_are_combined_with_every_row() {
    let mut y = [0.0; 6];
    elementwise::sub::<Native>(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], &[1.0, 2.0, 3.0], &mut y);
    assert_eq!(y, [0.0, 0.0, 0.0, 3.0, 3.0, 3.0]);
    elementwise::finish_rows::<Native>(&mut y, &[1.0, 0.0, -1.0], false);
    assert_eq!(y, [1.0, 0.0, -1.0, 4.0, 3.0, 2.0]);
    let mut relu = y;
    elementwise::finish_rows::<Native>(&mut relu, &[0.5, -1.0, -1.0], true);
    assert_eq!(relu, [1.5, 0.0, 0.0, 4.5, 2.0, 1.0]);
    elementwise::axpy::<Native>(2.0, &[1.0; 6], &mut y);
    assert_eq!(y, [3.0, 2.0, 1.0, 6.0, 5.0, 4.0]);
    elementwise::add::<Native>(&[], &[], &mut []);
}

#[test]
fn optimizer_steps_follow_keras_formulas() {
    let mut rng = Rng::new(9);
    for len in [0, 1, 4, 7, 33] {
        let (w, g, m) = (
            uniform(&mut rng, len),
            uniform(&mut rng, len),
            uniform(&mut rng, len),
        );
        let v: Vec<f32> = (0..len).map(|_| rng.unit()).collect();
        let expect = |f: &dyn Fn(f64, f64, f64, f64) -> f64| -> Vec<f64> {
            (0..len)
                .map(|i| f(w[i].into(), g[i].into(), m[i].into(), v[i].into()))
                .collect()
        };
        let mut w_new = w.clone();
        update::sgd::<Native>(&mut w_new, &g, 0.1);
        assert_close("sgd", &w_new, &expect(&|w, g, _, _| w - 0.1 * g), 1e-6);
        for nesterov in [false, true] {
            let (mut w_new, mut m_new) = (w.clone(), m.clone());
            update::momentum::<Native>(&mut w_new, &g, &mut m_new, 0.1, 0.9, nesterov);
            assert_close(
                "velocity",
                &m_new,
                &expect(&|_, g, m, _| 0.9 * m - 0.1 * g),
                1e-6,
            );
            let step = |g: f64, m: f64| {
                if nesterov {
                    0.9 * (0.9 * m - 0.1 * g) - 0.1 * g
                } else {
                    0.9 * m - 0.1 * g
                }
            };
            assert_close(
                "momentum",
                &w_new,
                &expect(&|w, g, m, _| w + step(g, m)),
                1e-6,
            );
        }
        let (mut w_new, mut m_new, mut v_new) = (w.clone(), m.clone(), v.clone());
        update::adam::<Native>(
            &mut w_new, &g, &mut m_new, &mut v_new, 0.01, 0.9, 0.999, 1e-7,
        );
        let m64 = |g: f64, m: f64| m + (g - m) * 0.1;
        let v64 = |g: f64, v: f64| v + (g * g - v) * 0.001;
        assert_close("m", &m_new, &expect(&|_, g, m, _| m64(g, m)), 1e-6);
        assert_close("v", &v_new, &expect(&|_, g, _, v| v64(g, v)), 1e-6);
        assert_close(
            "adam",
            &w_new,
            &expect(&|w, g, m, v| w - m64(g, m) * 0.01 / (v64(g, v).sqrt() + 1e-7)),
            1e-6,
        );
    }
}

#[test]
fn forgetting_makes_0_of_what_is_tiny_and_of_nothing_else() {
    for len in [3, 4, 9] {
        let kept = [1.0, -1e-30, 1e-30, f32::INFINITY, f32::NAN, -2.0];
        let gone = [9e-31, -9e-31, 1e-44, -0.0];
        for value in kept.into_iter().chain(gone) {
            let mut state = vec![value; len];
            update::forget::<Native>(&mut state, 1e-30);
            let expected = if gone.contains(&value) { 0.0 } else { value };
            assert!(
                state.iter().all(|x| x.to_bits() == expected.to_bits()),
                "{value}"
            );
            update::forget::<Native>(&mut state, 0.0);
            assert!(
                state.iter().all(|x| x.to_bits() == expected.to_bits()),
                "{value}"
            );
        }
    }
}

#[test]
fn the_gradient_of_a_class_that_is_certain_is_0_and_never_denormal() {
    let gradient = |x: [f32; 3]| {
        let (t, mut exps, mut y, mut dx) = ([1.0, 0.0, 0.0], [0.0; 3], [0.0], [7.0; 3]);
        softmax::cross_entropy::<Native>(&x, &t, &mut exps, &mut y, 3);
        softmax::cross_entropy_gradient::<Native>(&exps, &t, &[1e-3], &mut dx, 3);
        dx
    };
    for x in [[0.0, -28.0, -100.0], [50.0, -37.0, 10.0]] {
        assert_eq!(gradient(x), [0.0; 3]);
    }
    let [certain, unsure, _] = gradient([0.0, -27.0, -27.0]);
    assert_eq!(certain, 0.0);
    assert!((unsure / 1.88e-15 - 1.0).abs() < 1e-3, "{unsure}");
    assert!(gradient([f32::NAN, 0.0, 0.0]).iter().all(|dx| dx.is_nan()));
}

#[test]
fn bytes_at_the_end_of_their_own_room_become_the_nearest_values() {
    for n in [1, 2, 15, 16, 17, 100, 256, 257, 1003, 1024] {
        let bytes: Vec<u8> = (0..n).map(|i| (i * 7 % 256) as u8).collect();
        let mut room = vec![0u8; 3 * n];
        room.extend(&bytes);
        let mut y: Vec<f32> = room
            .as_chunks::<4>()
            .0
            .iter()
            .map(|four| f32::from_ne_bytes(*four))
            .collect();
        crate::kernels::elementwise::expand_in_place::<Native>(&mut y);
        let expected = bytes.iter().map(|&byte| (f64::from(byte) / 255.0) as f32);
        assert!(y.iter().copied().eq(expected), "{n} bytes");
    }
}
