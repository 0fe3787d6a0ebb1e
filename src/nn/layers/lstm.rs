//! The long short-term memory layer.
use super::dropout::check_rate;
use crate::base::error::{Result, bail};
use crate::base::json::{Value, settings};
use crate::nn::layer::positive;
use crate::nn::{Activation, Context, Initializer, Mapping, WeightSpec};
use crate::ops::{Cell, Reading};
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::{vec, vec::Vec};

settings! {
    /// Reads each sample step by step: `[time, c] → [units]`, or `[time, units]` with `return_sequences`; see
    /// [`Tensor::lstm`]. Defaults are Keras', `recurrent_activation` a sigmoid (TensorFlow.js: a hard sigmoid).
    ///
    /// Dropout is Keras' too: a sample's mask is the same at every step (Gal and Ghahramani 2016); with
    /// `recurrent_dropout` each gate has masks of its own.
    #[derive(Clone, Debug)]
    pub struct LSTM {
        /// How many outputs, and cells.
        units: usize,
        /// Applied to what comes in and to what goes out.
        activation: Activation = Activation::Tanh,
        /// Applied to the gates.
        recurrent_activation: Activation = Activation::Sigmoid,
        /// Whether a bias is added.
        use_bias: bool = true,
        /// What the kernel starts as.
        kernel_initializer: Initializer = Initializer::glorot_uniform(),
        /// What the recurrent kernel starts as.
        recurrent_initializer: Initializer = Initializer::Orthogonal(1.0),
        /// What the bias starts as.
        bias_initializer: Initializer = Initializer::Zeros,
        /// Whether the forget gate's bias starts as 1 (Jozefowicz et al. 2015).
        unit_forget_bias: bool = true,
        /// The share of inputs that are dropped, the same at every step.
        dropout: f32 = 0.0,
        /// The share of what is remembered that is dropped on its way to the gates.
        recurrent_dropout: f32 = 0.0,
        /// The output of every step, not just the last.
        return_sequences: bool = false,
        /// Not offered yet: the last state as further outputs.
        return_state: bool = false,
        /// From the last step to the first.
        go_backwards: bool = false,
        /// Not offered yet: goes on with the state of the batch before.
        stateful: bool = false,
        /// How to compute it, never what.
        unroll: bool = false,
    }
}

impl Mapping for LSTM {
    fn class_name(&self) -> &str {
        "LSTM"
    }

    fn config(&self) -> Value {
        self.to_json()
    }

    fn check(&self) -> Result<()> {
        positive("LSTM: `units`", &[self.units])?;
        check_rate("LSTM: `dropout`", self.dropout)?;
        check_rate("LSTM: `recurrent_dropout`", self.recurrent_dropout)?;
        if self.return_state {
            bail!(
                Value,
                "LSTM: `return_state` must be false: the layers of a sequential model pass on one tensor"
            );
        }
        if self.stateful {
            bail!(
                Value,
                "LSTM: `stateful` must be false: every batch starts from zeros here"
            );
        }
        Ok(())
    }

    fn output_shape(&self, input: &[usize]) -> Result<Shape> {
        match *input {
            [time, _] if time > 0 && self.return_sequences => Shape::new(&[time, self.units]),
            [time, _] if time > 0 => Shape::new(&[self.units]),
            _ => bail!(
                Shape,
                "LSTM: each sample must be [time, features], but has the shape {input:?}"
            ),
        }
    }

    fn weights(&self, input: &[usize]) -> Vec<WeightSpec> {
        let (features, columns) = (
            input.last().copied().unwrap_or(1),
            self.units.saturating_mul(4),
        );
        let (kernel, recurrent) = (vec![features, columns], vec![self.units, columns]);
        let mut weights = vec![
            WeightSpec::new("lstm_cell/kernel", kernel, self.kernel_initializer),
            WeightSpec::new(
                "lstm_cell/recurrent_kernel",
                recurrent,
                self.recurrent_initializer,
            ),
        ];
        if self.use_bias {
            let mut bias = WeightSpec::new("lstm_cell/bias", vec![columns], self.bias_initializer);
            if self.unit_forget_bias {
                bias.ones = self.units..self.units.saturating_mul(2);
            }
            weights.push(bias);
        }
        weights
    }

    fn transform(&self, x: &Tensor, weights: &[Tensor], context: &mut Context) -> Result<Tensor> {
        let (kernel, recurrent, bias) = (&weights[0], &weights[1], weights.get(2));
        let reading = Reading {
            backwards: self.go_backwards,
            sequences: self.return_sequences,
        };
        let [batch, _, features] = **x.shape() else {
            bail!(
                Shape,
                "LSTM: expected [batch, time, features], not {:?}",
                x.shape()
            );
        };
        let mut mask = |shape: &[usize], rate| Tensor::full(shape, 1.0)?.dropout(rate, context.rng);
        let (mut x, mut input_masks, mut masks) = (x.clone(), None, None);
        if context.training && self.dropout > 0.0 {
            let mut mask = || mask(&[batch, 1, features], self.dropout);
            if self.recurrent_dropout > 0.0 {
                input_masks = Some([mask()?, mask()?, mask()?, mask()?]);
            } else {
                x = x.mul(&mask()?)?;
            }
        }
        if context.training && self.recurrent_dropout > 0.0 {
            let mut mask = || mask(&[batch, self.units], self.recurrent_dropout);
            masks = Some([mask()?, mask()?, mask()?, mask()?]);
        }
        let usual = (Activation::Tanh, Activation::Sigmoid);
        if (self.activation, self.recurrent_activation) == usual && masks.is_none() {
            return x.lstm(kernel, recurrent, bias, reading);
        }
        let cell = Cell {
            activation: &|x| self.activation.apply(x),
            gate: &|x| self.recurrent_activation.apply(x),
            input_masks: input_masks.as_ref(),
            masks: masks.as_ref(),
        };
        x.lstm_plain(kernel, recurrent, bias, reading, cell)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::rng::Rng;
    use crate::nn::{Dims, Effects, Layer, Model};

    fn uniform(rng: &mut Rng, shape: &[usize]) -> Tensor {
        let size = shape.iter().product();
        Tensor::new((0..size).map(|_| rng.uniform(-1.0, 1.0)).collect(), shape).unwrap()
    }

    /// The gradients of the sum of the outputs with respect to input, kernel and recurrent kernel.
    fn gradients(layer: &LSTM, x: &[usize]) -> [Tensor; 3] {
        let units = layer.units;
        let mut rng = Rng::new(1);
        let shapes = [x, &[x[2], 4 * units], &[units, 4 * units], &[4 * units]];
        let leaves = shapes.map(|shape| uniform(&mut rng, shape).tracked());
        let mut effects = Effects::default();
        let mut context = Context::new(true, &mut rng, &mut effects);
        let y = layer
            .call(&leaves[..1], &leaves[1..], &mut context)
            .unwrap();
        let found = y[0].sum(&[], false).unwrap().backward().unwrap();
        [0, 1, 2].map(|leaf| found.get(&leaves[leaf]).unwrap())
    }

    /// Which of these groups are all 0; none may be so in part.
    fn dropped<'a>(groups: impl Iterator<Item = Vec<&'a f32>>) -> Vec<bool> {
        let all = |group: Vec<&f32>| {
            let zeros = group.iter().filter(|&&&x| x == 0.0).count();
            assert!(zeros == 0 || zeros == group.len(), "{group:?}");
            zeros > 0
        };
        groups.map(all).collect()
    }

    #[test]
    fn a_dropped_input_is_dropped_at_every_step() {
        let (batch, time, features) = (3, 5, 8);
        let layer = LSTM {
            dropout: 0.5,
            return_sequences: true,
            ..LSTM::new(2)
        };
        let [dx, ..] = gradients(&layer, &[batch, time, features]);
        let at = |sample: usize, feature: usize| {
            let sample = &dx.data()[sample * time * features..][..time * features];
            sample[feature..].iter().step_by(features).collect()
        };
        let places = (0..batch * features).map(|n| at(n / features, n % features));
        let count = dropped(places).iter().filter(|&&dropped| dropped).count();
        assert!((4..20).contains(&count), "{count} of 24");
    }

    #[test]
    fn recurrent_dropout_gives_each_gate_masks_of_its_own() {
        let (units, features) = (6, 5);
        let layer = LSTM {
            dropout: 0.5,
            recurrent_dropout: 0.5,
            ..LSTM::new(units)
        };
        let [_, dkernel, drecurrent] = gradients(&layer, &[1, 4, features]);
        for (gradient, rows) in [(&dkernel, features), (&drecurrent, units)] {
            let masks: Vec<Vec<bool>> = (0..4)
                .map(|gate| {
                    let row = |row| gradient.data()[(4 * row + gate) * units..][..units].iter();
                    dropped((0..rows).map(|n| row(n).collect()))
                })
                .collect();
            assert!(masks.iter().any(|mask| *mask != masks[0]), "{masks:?}");
            assert!(masks.iter().flatten().any(|&dropped| dropped), "{masks:?}");
        }
    }

    #[test]
    fn activations_stand_where_keras_has_them() {
        let layer = LSTM {
            activation: Activation::Linear,
            recurrent_activation: Activation::Linear,
            ..LSTM::new(1)
        };
        let tensor = |values: &[f32], shape: &[usize]| Tensor::new(values.to_vec(), shape).unwrap();
        let weights = [
            tensor(&[1.0, 2.0, 3.0, 4.0], &[1, 4]),
            tensor(&[0.0; 4], &[1, 4]),
            tensor(&[0.0; 4], &[4]),
        ];
        let (mut rng, mut effects) = (Rng::new(0), Effects::default());
        let mut context = Context::new(false, &mut rng, &mut effects);
        let y = layer.call(&[tensor(&[2.0, 2.0], &[1, 2, 1])], &weights, &mut context);
        // i, f, g, o = 2, 4, 6, 8 at both steps: c is 12, then 4 · 12 + 12.
        assert_eq!(y.unwrap()[0].data(), [8.0 * 60.0]);
    }

    #[test]
    fn the_forget_gate_starts_open_unless_told_otherwise() {
        for (open, forget) in [(true, 1.0), (false, 0.5)] {
            let layer = LSTM {
                bias_initializer: Initializer::Constant(0.5),
                unit_forget_bias: open,
                ..LSTM::new(2)
            };
            let model = Model::sequential();
            model.add(layer).unwrap();
            model.build(Some(&Dims::from([3, 4])), 0).unwrap();
            let bias = model.weight("lstm/lstm_cell/bias").unwrap();
            let f = forget;
            assert_eq!(bias.value().data(), [0.5, 0.5, f, f, 0.5, 0.5, 0.5, 0.5]);
        }
    }
}
