//! A row of numbers for each word of a vocabulary.
use crate::base::error::{Result, bail};
use crate::base::json::{Decimal, Value, settings};
use crate::nn::layer::{Masks, Tensors, positive};
use crate::nn::{Constraint, Context, Initializer, Layer, Regularizer, WeightSpec};
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::{vec, vec::Vec};
use smallvec::smallvec;

settings! {
    /// Looks up a row of a matrix for each whole number from 0 to `input_dim − 1`: `[…] → […, output_dim]`.
    #[derive(Clone, Debug)]
    pub struct Embedding {
        /// How many rows there are: one more than the greatest number that is looked up.
        input_dim: usize,
        /// How long a row is.
        output_dim: usize,
        /// What the matrix starts as.
        embeddings_initializer: Initializer = Initializer::RandomUniform(-0.05, 0.05),
        /// What the matrix adds to the loss.
        embeddings_regularizer: Option<Regularizer> = None,
        /// What the outputs add to the loss.
        activity_regularizer: Option<Regularizer> = None,
        /// What the matrix is held to.
        embeddings_constraint: Option<Constraint> = None,
        /// Whether 0 stands for no word: layers that heed masks leave out such steps.
        mask_zero: bool = false,
    }
}

impl Layer for Embedding {
    fn class_name(&self) -> &str {
        "Embedding"
    }

    fn config(&self) -> Value {
        self.to_json()
    }

    fn check(&self) -> Result<()> {
        positive("Embedding: `input_dim`", &[self.input_dim])?;
        positive("Embedding: `output_dim`", &[self.output_dim])?;
        if self.input_dim > 1 << 24 {
            bail!(
                Value,
                "Embedding: `input_dim` must be at most 16777216, up to which numbers are exact, but is {}",
                self.input_dim
            );
        }
        Ok(())
    }

    fn output_shapes(&self, inputs: &[Shape]) -> Result<Vec<Shape>> {
        let [input] = inputs else {
            bail!(
                Shape,
                "Embedding: one input is expected, but there are {}",
                inputs.len()
            );
        };
        Ok(vec![Shape::join(input, &[self.output_dim])?])
    }

    fn weights(&self, _: &[Shape]) -> Vec<WeightSpec> {
        let shape = vec![self.input_dim, self.output_dim];
        let rows = WeightSpec::new("embeddings", shape, self.embeddings_initializer);
        vec![rows.held(
            self.embeddings_regularizer,
            self.embeddings_constraint.clone(),
        )]
    }

    fn call(
        &self,
        inputs: &[Tensor],
        weights: &[Tensor],
        context: &mut Context,
    ) -> Result<Tensors> {
        let [x] = inputs else {
            bail!(
                Shape,
                "Embedding: one input is expected, but there are {}",
                inputs.len()
            );
        };
        // NaN is in no range.
        let is_row = |&x: &f32| (0.0..self.input_dim as f32).contains(&x) && x as u32 as f32 == x;
        if let Some(&other) = x.data().iter().find(|x| !is_row(x)) {
            bail!(
                Value,
                "Embedding: {} is not a whole number from 0 to {}, which `input_dim` allows",
                Decimal::from(other),
                self.input_dim - 1
            );
        }
        let y = weights[0].lookup(x)?;
        let y = y.reshape(&Shape::join(x.shape(), &[self.output_dim])?)?;
        context.regularize(self.activity_regularizer, &y)?;
        Ok(smallvec![y])
    }

    fn output_masks(&self, inputs: &[Tensor], _: &mut Context) -> Result<Masks> {
        Ok(match inputs {
            [x] if self.mask_zero => smallvec![Some(x.detach().not_equal(&Tensor::scalar(0.0))?)],
            _ => Masks::new(),
        })
    }
}
