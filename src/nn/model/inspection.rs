//! Looking inside a model: what each layer makes of a batch, and how the scores depend on it.
use super::Model;
use crate::base::error::{Result, bail};
use crate::base::rng::Rng;
use crate::nn::Weight;
use crate::nn::layer::{Context, Effects, Tensors};
use crate::tensor::Tensor;
use alloc::{string::String, vec, vec::Vec};

/// What a model computes for one batch, as in inference, layer by layer.
pub struct Inspection {
    /// The samples, from which everything else was computed.
    inputs: Tensors,
    /// The name of each layer that was called and its first result, in the order of the calls.
    results: Vec<(String, Tensor)>,
    /// The first output before its last activation: `[batch, …, classes]`.
    scores: Tensor,
}

impl Model {
    /// Computes everything inside the model for a batch, and remembers how it was computed.
    ///
    /// # Errors
    /// Inputs that it cannot take, or too little memory.
    pub fn inspect(&self, inputs: &[Tensor]) -> Result<Inspection> {
        let mut effects = Effects {
            watched: Some(Vec::new()),
            ..Effects::default()
        };
        let mut rng = Rng::new(0);
        let mut context = Context::new(false, &mut rng, &mut effects);
        let built = self.built()?;
        built.check_batch(inputs, true)?;
        let values: Vec<Tensor> = built.weights.iter().map(Weight::value).collect();
        let inputs: Tensors = inputs.iter().map(Tensor::tracked).collect();
        let (raw, _) = built.run(&inputs, &values, &mut context, true)?;
        let mut results = effects.watched.take().unwrap_or_default();
        // The activation that a raw pass leaves out belongs to what the last layer gives.
        for (activation, raw) in built.activations().into_iter().zip(&raw) {
            let places = results
                .iter_mut()
                .filter(|(_, result)| result.id() == raw.id());
            for (_, result) in places {
                *result = activation.apply(raw)?;
            }
        }
        let Some(scores) = raw.first().cloned() else {
            bail!(State, "inspect: the model has no output");
        };
        Ok(Inspection {
            inputs,
            results,
            scores,
        })
    }
}

impl Inspection {
    /// The name of each layer that was called and its first result, in the order of the calls.
    pub fn results(&self) -> &[(String, Tensor)] {
        &self.results
    }

    /// The first output before its last activation.
    pub fn scores(&self) -> &Tensor {
        &self.scores
    }

    /// How the scores of class `class`, summed over the batch, change with what the call at `place` gives, or with the
    /// first input where there is no place: values of that shape.
    ///
    /// # Errors
    /// A class or a place that does not exist, or too little memory.
    pub fn gradient(&self, place: Option<usize>, class: usize) -> Result<Tensor> {
        let at = match place {
            None => self.inputs.first(),
            Some(place) => self.results.get(place).map(|(_, result)| result),
        };
        let classes = self.scores.shape().last().copied().unwrap_or(1);
        let Some(at) = at.filter(|_| class < classes) else {
            bail!(Value, "inspect: there is no class {class} or no such layer");
        };
        let mut dy = vec![0.0; self.scores.shape().size()];
        for row in dy.chunks_mut(classes) {
            row[class] = 1.0;
        }
        let dy = Tensor::new(dy, self.scores.shape())?;
        let ends = core::slice::from_ref(at);
        let found = self.scores.gradients_at(dy, ends, false)?.pop();
        match found.flatten() {
            Some(gradient) => gradient.value(),
            // What the scores do not depend on, as the probabilities that follow from them.
            None => Tensor::zeros(at.shape()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{Activation, Conv2D, Dense, Flatten, Pair};

    /// A convolution, a flattening and three classes, over pictures of 5 × 5.
    fn small() -> Result<Model> {
        let model = Model::sequential();
        model.set_input([5, 5, 1].into())?;
        model.add(Conv2D {
            activation: Activation::Tanh,
            ..Conv2D::new(2, Pair(3, 3))
        })?;
        model.add(Flatten::new())?;
        model.add(Dense {
            activation: Activation::Softmax,
            ..Dense::new(3)
        })?;
        model.build(None, 1)?;
        Ok(model)
    }

    fn picture(changed: usize, by: f32) -> Result<Tensor> {
        let mut values: Vec<f32> = (0..25).map(|at| (at % 7) as f32 * 0.1).collect();
        values[changed] += by;
        Tensor::new(values, &[1, 5, 5, 1])
    }

    #[test]
    fn each_layer_shows_what_it_gives_and_the_last_one_what_the_model_answers() -> Result<()> {
        let model = small()?;
        let inside = model.inspect(&[picture(0, 0.0)?])?;
        let shapes: Vec<&[usize]> = inside
            .results()
            .iter()
            .map(|(_, x)| &x.shape()[..])
            .collect();
        assert_eq!(shapes, [&[1, 3, 3, 2][..], &[1, 18], &[1, 3]]);
        let answer = model.predict(&picture(0, 0.0)?)?;
        assert_eq!(inside.results()[2].1.data(), answer.data());
        let names: Vec<&str> = inside.results().iter().map(|(name, _)| &name[..]).collect();
        assert_eq!(names, ["conv2d", "flatten", "dense"]);
        Ok(())
    }

    #[test]
    fn gradients_of_a_score_agree_with_differences() -> Result<()> {
        let model = small()?;
        let inside = model.inspect(&[picture(0, 0.0)?])?;
        let gradient = inside.gradient(None, 2)?;
        for pixel in [0, 7, 12, 24] {
            let score = |by: f32| -> Result<f32> {
                let inside = model.inspect(&[picture(pixel, by)?])?;
                Ok(inside.scores().data()[2])
            };
            let wanted = (score(0.01)? - score(-0.01)?) / 0.02;
            assert!((gradient.data()[pixel] - wanted).abs() < 1e-3, "{pixel}");
        }
        // The last layer but one is flat: the score depends on it by one column of the kernel.
        let kernel = model.weights()[2].value();
        let column: Vec<f32> = kernel.data().chunks(3).map(|row| row[2]).collect();
        assert_eq!(inside.gradient(Some(1), 2)?.data(), column);
        assert!(inside.gradient(None, 3).is_err());
        assert!(inside.gradient(Some(3), 0).is_err());
        Ok(())
    }
}
