//! A step of the long short-term memory against its formulas.
use super::*;
use crate::kernels::lstm::{self, Step};

#[test]
fn lstm_step_and_its_gradient_agree_with_f64() {
    let mut rng = Rng::new(10);
    let sigmoid = |x: f64| 1.0 / (1.0 + libm::exp(-x));
    for (m, units) in [
        (3, 0),
        (0, 4),
        (1, 1),
        (2, 3),
        (3, 4),
        (5, 7),
        (1, 33),
        (2, 64),
    ] {
        let mut any =
            |len: usize| -> Vec<f32> { (0..len).map(|_| 6.0 * rng.uniform(-1.0, 1.0)).collect() };
        let (z, sums, bias) = (any(m * 4 * units), any(m * 4 * units), any(4 * units));
        let [c_before, dh, mut dc] = [(); 3].map(|()| any(m * units));
        let mut expected: [Vec<f64>; 4] = Default::default();
        let (mut gates64, mut dz64) = (vec![0.0; z.len()], vec![0.0; z.len()]);
        for at in 0..m * units {
            let (row, unit) = (at / units, at % units);
            let place = |gate: usize| (row * 4 + gate) * units + unit;
            let sum = |gate: usize| -> f64 {
                let parts = [z[place(gate)], sums[place(gate)], bias[gate * units + unit]];
                parts.map(f64::from).iter().sum()
            };
            let (i, f, o) = (sigmoid(sum(0)), sigmoid(sum(1)), sigmoid(sum(3)));
            let (g, c_before) = (libm::tanh(sum(2)), f64::from(c_before[at]));
            let c = f * c_before + i * g;
            let (dh, tanh_c) = (f64::from(dh[at]), libm::tanh(c));
            let dc = f64::from(dc[at]) + dh * o * (1.0 - tanh_c * tanh_c);
            for (gate, value, gradient) in [
                (0, i, dc * g * i * (1.0 - i)),
                (1, f, dc * c_before * f * (1.0 - f)),
                (2, g, dc * i * (1.0 - g * g)),
                (3, o, dh * tanh_c * o * (1.0 - o)),
            ] {
                (gates64[place(gate)], dz64[place(gate)]) = (value, gradient);
            }
            for (list, value) in expected.iter_mut().zip([c, tanh_c, o * tanh_c, dc * f]) {
                list.push(value);
            }
        }
        let (mut gates, mut c) = (z, c_before.clone());
        let [mut tanh_c, mut h] = [(); 2].map(|()| vec![7.0; m * units]);
        let mut dz = vec![7.0; gates.len()];
        lstm::forward::<Native>(&mut gates, &bias, &sums, &mut c, &mut tanh_c, &mut h);
        let step = Step {
            gates: &gates,
            c_before: &c_before,
            tanh_c: &tanh_c,
        };
        lstm::backward::<Native>(step, &dh, &mut dc, &mut dz, units);
        assert_close("gates", &gates, &gates64, 2e-6);
        assert_close("dz", &dz, &dz64, 5e-6);
        for (what, (got, expected)) in ["c", "tanh c", "h", "dc"]
            .iter()
            .zip([c, tanh_c, h, dc].iter().zip(&expected))
        {
            assert_close(what, got, expected, 5e-6);
        }
    }
}
