//! Layers, one file per family, and the models made of them. Names, defaults and meaning are Keras'.
//!
//! A layer is its configuration and a mapping; the model holds the weights. To add one: its file with
//! the [`Layer`] trait, and its name in the list in [`parse`](fn@parse).
use crate::base::error::{Result, bail};
use crate::base::json::Value;
use crate::base::rng::Rng;
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::{boxed::Box, vec::Vec};
use core::ops::Range;

mod activation;
mod init;
mod layers;
mod model;
mod pair;

pub use activation::Activation;
pub use init::Initializer;
pub use layers::{AveragePooling2D, Conv2D, Dense, Dropout, Flatten, LSTM, MaxPooling2D, Reshape};
pub use model::{LayerSummary, Sequential, Weight};
pub use pair::Pair;

/// What a layer may need beyond its input: whether this is training, and randomness for it.
pub struct Context<'a> {
    /// Training, in which dropout drops, or inference, in which it does not.
    pub training: bool,
    /// Where a layer's randomness comes from.
    pub rng: &'a mut Rng,
}

/// A weight that a layer asks for.
pub struct WeightSpec {
    /// `kernel`, `bias`, …
    pub name: &'static str,
    /// Its shape.
    pub shape: Vec<usize>,
    /// What it starts as.
    pub initializer: Initializer,
    /// Which of its elements start as 1 all the same.
    pub ones: Range<usize>,
}

impl WeightSpec {
    /// A weight that starts as `initializer` says.
    pub fn new(name: &'static str, shape: Vec<usize>, initializer: Initializer) -> Self {
        WeightSpec {
            name,
            shape,
            initializer,
            ones: 0..0,
        }
    }

    /// The values it starts as.
    pub fn fill(&self, rng: &mut Rng) -> Vec<f32> {
        let mut values = self.initializer.fill(&self.shape, rng);
        if let Some(ones) = values.get_mut(self.ones.clone()) {
            ones.fill(1.0);
        }
        values
    }
}

/// A mapping with weights: `y = activation(transform(x, weights))`.
pub trait Layer {
    /// Keras' class name, `"Dense"`.
    fn class_name(&self) -> &'static str;

    /// The configuration as JSON, Keras' keys.
    fn config(&self) -> Value;

    /// Whether the configuration makes sense by itself.
    ///
    /// # Errors
    /// Names the key and what was expected.
    fn check(&self) -> Result<()> {
        Ok(())
    }

    /// The shape of one output sample for input samples of shape `input` (no batch axis).
    ///
    /// # Errors
    /// An input shape that this layer cannot take.
    fn output_shape(&self, input: &[usize]) -> Result<Shape>;

    /// The weights it needs for that input, in Keras' order.
    fn weights(&self, _input: &[usize]) -> Vec<WeightSpec> {
        Vec::new()
    }

    /// The mapping before the activation.
    ///
    /// # Errors
    /// Those of its ops.
    fn transform(&self, x: &Tensor, weights: &[Tensor], context: &mut Context) -> Result<Tensor>;

    /// The whole mapping. A layer that has a faster way than one after the other overrides it.
    ///
    /// # Errors
    /// Those of its ops.
    fn forward(&self, x: &Tensor, weights: &[Tensor], context: &mut Context) -> Result<Tensor> {
        self.activation()
            .apply(&self.transform(x, weights, context)?)
    }

    /// What is applied to the transformed values; apart, so that a loss can see the logits.
    fn activation(&self) -> Activation {
        Activation::Linear
    }
}

macro_rules! layers {
    ($($class:ident),* $(,)?) => {
        /// The class names of all layers.
        pub const CLASS_NAMES: &[&str] = &[$(stringify!($class)),*];

        /// The layer of class `class_name` with this configuration.
        ///
        /// # Errors
        /// An unknown class, an unknown or missing key, or a value out of range.
        pub fn parse(class_name: &str, config: &Value) -> Result<Box<dyn Layer>> {
            match class_name {
                $(stringify!($class) => checked($class::from_json(config)?),)*
                _ => bail!(Value, "layer `{class_name}` is unknown; there are {}", CLASS_NAMES.join(", ")),
            }
        }
    };
}

layers![
    Dense,
    Conv2D,
    MaxPooling2D,
    AveragePooling2D,
    Flatten,
    Reshape,
    Dropout,
    LSTM,
    Activation
];

fn checked(layer: impl Layer + 'static) -> Result<Box<dyn Layer>> {
    layer.check()?;
    Ok(Box::new(layer))
}

/// Refuses a size of 0; `what` names the layer and key.
fn positive(what: &str, sizes: &[usize]) -> Result<()> {
    if sizes.contains(&0) {
        bail!(Value, "{what} must be at least 1, but is {sizes:?}");
    }
    Ok(())
}
