//! The fused recurrent op against its plain form, and against what masks, directions and states mean.
#![cfg(not(target_arch = "wasm32"))]
use mapling::base::rng::Rng;
use mapling::ops::{Cell, Reading, Recurrence, Recurrent};
use mapling::{Result, Tensor};

const ALL: [Recurrence; 4] = [
    Recurrence::Simple,
    Recurrence::Gru { reset_after: true },
    Recurrence::Gru { reset_after: false },
    Recurrence::Lstm,
];

fn random(shape: &[usize], rng: &mut Rng) -> Tensor {
    let size = shape.iter().product();
    let values = (0..size).map(|_| rng.uniform(-1.0, 1.0)).collect();
    Tensor::new(values, shape).unwrap()
}

/// What a case is about besides sizes.
#[derive(Clone, Copy, Debug)]
struct Form {
    recurrence: Recurrence,
    biased: bool,
    began: bool,
    masked: bool,
    zero_masked: bool,
    reading: Reading,
    states: bool,
}

impl Form {
    fn all() -> impl Iterator<Item = Form> {
        ALL.into_iter().flat_map(|recurrence| {
            (0..128).map(move |bits: u32| {
                let bit = |place: u32| bits >> place & 1 == 1;
                Form {
                    recurrence,
                    biased: bit(0),
                    began: bit(1),
                    masked: bit(2),
                    zero_masked: bit(3),
                    reading: Reading {
                        backwards: bit(4),
                        sequences: bit(5),
                    },
                    states: bit(6),
                }
            })
        })
    }

    /// `x`, the kernels, the bias if there is one, the states to begin with.
    fn inputs(&self, [batch, time, features, units]: [usize; 4], rng: &mut Rng) -> Vec<Tensor> {
        let columns = self.recurrence.gates() * units;
        let mut inputs = vec![
            random(&[batch, time, features], rng),
            random(&[features, columns], rng),
            random(&[units, columns], rng),
        ];
        if self.biased {
            let after = self.recurrence == Recurrence::Gru { reset_after: true };
            let both = [2, columns];
            inputs.push(random(if after { &both } else { &both[1..] }, rng));
        }
        if self.began {
            let states = self.recurrence.states();
            inputs.extend((0..states).map(|_| random(&[batch, units], rng)));
        }
        inputs
    }

    fn of<'a>(&self, inputs: &'a [Tensor], mask: &'a Tensor) -> Recurrent<'a> {
        Recurrent {
            bias: self.biased.then(|| &inputs[3]),
            initial: &inputs[3 + usize::from(self.biased)..],
            mask: self.masked.then_some(mask),
            zero_masked: self.zero_masked,
            reading: self.reading,
            states: self.states,
            ..Recurrent::new(self.recurrence, &inputs[1], &inputs[2])
        }
    }
}

/// Steps that count and steps that do not; no step of the last sample counts.
fn mask(batch: usize, time: usize, rng: &mut Rng) -> Tensor {
    let count = batch * time;
    let counts = |place| place < count - time && rng.unit() < 0.6;
    let values = (0..count).map(counts).collect::<Vec<_>>();
    let values = values.into_iter().map(|counts| f32::from(u8::from(counts)));
    Tensor::new(values.collect(), &[batch, time]).unwrap()
}

#[track_caller]
fn close(what: &str, a: &Tensor, b: &Tensor) {
    assert_eq!(a.shape(), b.shape(), "{what}");
    let scale = b.data().iter().fold(0.1f32, |scale, x| scale.max(x.abs()));
    for (index, (a, b)) in a.data().iter().zip(b.data()).enumerate() {
        assert!(
            (a - b).abs() <= 1e-5 * scale,
            "{what}[{index}]: {a}, plain {b}"
        );
    }
}

fn gradients(y: &Tensor, dy: &Tensor, inputs: &[Tensor]) -> Vec<Tensor> {
    let found = y.pull_back(dy).unwrap();
    inputs
        .iter()
        .map(|input| found.get(input).unwrap())
        .collect()
}

/// Fails unless the fused and the plain form have the same result and the same gradients.
#[track_caller]
fn agree(what: &str, inputs: &[Tensor], of: &Recurrent, rng: &mut Rng) {
    let fused = inputs[0].recurrent(of).unwrap();
    let plain = inputs[0].recurrent_plain(of, Cell::default()).unwrap();
    close(what, &fused, &plain);
    let dy = random(fused.shape(), rng);
    let both = [&fused, &plain].map(|y| gradients(y, &dy, inputs));
    for (input, (a, b)) in both[0].iter().zip(&both[1]).enumerate() {
        close(&format!("{what}: gradient {input}"), a, b);
    }
}

#[test]
fn fused_and_plain_forms_agree_forward_and_back_in_every_form() {
    for (index, form) in Form::all().enumerate() {
        let sizes = [[3, 4, 2, 5], [2, 1, 3, 4], [5, 3, 1, 1]][index % 3];
        let mut rng = Rng::new(index as u64);
        let inputs: Vec<Tensor> = form
            .inputs(sizes, &mut rng)
            .iter()
            .map(Tensor::tracked)
            .collect();
        let mask = mask(sizes[0], sizes[1], &mut rng);
        let of = form.of(&inputs, &mask);
        agree(&format!("{form:?}"), &inputs, &of, &mut rng);
    }
}

#[test]
fn many_steps_in_several_groups_agree_too() {
    for recurrence in ALL {
        let form = Form {
            recurrence,
            biased: true,
            began: true,
            masked: true,
            zero_masked: false,
            reading: Reading {
                backwards: true,
                sequences: true,
            },
            states: true,
        };
        // 70 samples of 40 units: a group is at most twenty-three steps.
        let (sizes, mut rng) = ([70, 50, 3, 40], Rng::new(3));
        let inputs: Vec<Tensor> = form
            .inputs(sizes, &mut rng)
            .iter()
            .map(Tensor::tracked)
            .collect();
        let inputs: Vec<Tensor> = inputs
            .iter()
            .map(|x| x.scale(0.3).detach().tracked())
            .collect();
        let mask = mask(sizes[0], sizes[1], &mut rng);
        let of = form.of(&inputs, &mask);
        agree(&format!("{recurrence:?}"), &inputs, &of, &mut rng);
    }
}

/// The gradients of the sum of squares of the gradients.
fn second(y: &Tensor, inputs: &[Tensor]) -> Vec<Tensor> {
    let loss = y.mul(y).unwrap().sum(&[], false).unwrap();
    let first = loss.backward_graph().unwrap();
    let mut sum = Tensor::scalar(0.0);
    for input in inputs {
        let gradient = first.get(input).unwrap();
        let squares = gradient.mul(&gradient).unwrap().sum(&[], false).unwrap();
        sum = sum.add(&squares).unwrap();
    }
    let found = sum.backward().unwrap();
    inputs
        .iter()
        .map(|input| found.get(input).unwrap())
        .collect()
}

#[test]
fn second_derivatives_are_those_of_the_plain_form() {
    for recurrence in ALL {
        let form = Form {
            recurrence,
            biased: true,
            began: true,
            masked: true,
            zero_masked: true,
            reading: Reading {
                backwards: false,
                sequences: true,
            },
            states: true,
        };
        let mut rng = Rng::new(5);
        let inputs = form.inputs([3, 3, 2, 2], &mut rng);
        let mask = mask(3, 3, &mut rng);
        // States that were kept from an earlier batch have no gradients.
        for tracked in [inputs.len(), 4] {
            let (own, rest) = inputs.split_at(tracked);
            let own: Vec<Tensor> = own.iter().map(Tensor::tracked).collect();
            let all = [&own[..], rest].concat();
            let of = form.of(&all, &mask);
            let fused = second(&all[0].recurrent(&of).unwrap(), &own);
            let plain = all[0].recurrent_plain(&of, Cell::default()).unwrap();
            for (a, b) in fused.iter().zip(second(&plain, &own)) {
                close(&format!("{recurrence:?}, {tracked}"), a, &b);
            }
        }
    }
}

#[test]
fn a_masked_sequence_ends_like_the_shorter_one_and_repeats_its_last_output() -> Result<()> {
    for recurrence in ALL {
        let mut rng = Rng::new(7);
        let form = Form {
            recurrence,
            biased: true,
            began: false,
            masked: true,
            zero_masked: false,
            reading: Reading {
                backwards: false,
                sequences: true,
            },
            states: false,
        };
        let inputs = form.inputs([1, 5, 3, 4], &mut rng);
        let mask = Tensor::new(vec![1.0, 1.0, 1.0, 0.0, 0.0], &[1, 5])?;
        let long = inputs[0].recurrent(&form.of(&inputs, &mask))?;
        let short = inputs[0].slice(&[0, 0, 0], &[1, 3, 3])?;
        let unmasked = Form {
            masked: false,
            ..form
        };
        let short = short.recurrent(&unmasked.of(&inputs, &mask))?;
        assert_eq!(long.data()[..12], *short.data(), "{recurrence:?}");
        assert_eq!(long.data()[12..16], short.data()[8..], "{recurrence:?}");
        assert_eq!(long.data()[16..], short.data()[8..], "{recurrence:?}");
        let zeros = Form {
            zero_masked: true,
            ..form
        };
        let zeros = inputs[0].recurrent(&zeros.of(&inputs, &mask))?;
        assert_eq!(zeros.data()[12..], [0.0; 8], "{recurrence:?}");
    }
    Ok(())
}

#[test]
fn what_does_not_fit_is_refused_by_name() {
    let zeros = |shape: &[usize]| Tensor::zeros(shape).unwrap();
    let (x, kernel, recurrent) = (zeros(&[2, 3, 4]), zeros(&[4, 15]), zeros(&[5, 15]));
    let gru = Recurrence::Gru { reset_after: true };
    let base = Recurrent::new(gru, &kernel, &recurrent);
    let refused = |of: &Recurrent| x.recurrent(of).unwrap_err().to_string();
    let (short, states, mask) = (zeros(&[15]), [zeros(&[2, 4])], zeros(&[2, 4]));
    let bias = refused(&Recurrent {
        bias: Some(&short),
        ..base
    });
    assert!(
        bias.contains("gru: ") && bias.contains("the bias [2, 15]"),
        "{bias}"
    );
    let state = refused(&Recurrent {
        initial: &states,
        ..base
    });
    assert!(
        state.contains("the initial state must be 1 × [2, 5]"),
        "{state}"
    );
    let mask = refused(&Recurrent {
        mask: Some(&mask),
        ..base
    });
    assert!(mask.contains("the mask must be [2, 3]"), "{mask}");
}
