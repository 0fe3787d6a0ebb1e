//! Layers, losses and metrics that are functions of JavaScript.
use super::foreign::call_foreign;
use super::slots;
use crate::base::error::{Result, bail};
use crate::base::json::{Settings, Value};
use crate::learn::loss::LossFunction;
use crate::nn::{Context, Dims, Initializer, Layer, Tensors, WeightSpec};
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::rc::Rc;
use alloc::{string::String, vec, vec::Vec};
use core::any::Any;
use core::cell::RefCell;

/// What a layer's function is asked for, as the first number that it gets.
const SHAPES: f64 = 0.0;
const CALL: f64 = 1.0;

/// A layer whose mapping is written in JavaScript.
struct CustomLayer {
    class_name: String,
    config: Value,
    id: u32,
    wanted: RefCell<Vec<WeightSpec>>,
}

impl CustomLayer {
    fn new(class_name: &str, config: Value, id: u32) -> Self {
        CustomLayer {
            class_name: class_name.into(),
            config,
            id,
            wanted: RefCell::new(Vec::new()),
        }
    }

    /// Takes down what weights it wants.
    fn want(&self, specs: &Value) -> Result<()> {
        let keys = [
            "name",
            "shape",
            "initializer",
            "trainable",
            "regularizer",
            "constraint",
            "value",
        ];
        let mut wanted = Vec::new();
        for spec in specs.as_array().unwrap_or_default() {
            let settings = Settings::new("addWeight", spec, &keys)?;
            let name: String = settings.required("name")?;
            let initializer = settings.or("initializer", Initializer::Zeros)?;
            let value: Option<u32> = settings.optional("value")?;
            wanted.push(WeightSpec {
                trainable: settings.or("trainable", true)?,
                value: value.map(slots::get).transpose()?,
                ..WeightSpec::new(&name, settings.required("shape")?, initializer).held(
                    settings.optional("regularizer")?,
                    settings.optional("constraint")?,
                )
            });
        }
        self.wanted.replace(wanted);
        Ok(())
    }
}

impl Layer for CustomLayer {
    fn class_name(&self) -> &str {
        &self.class_name
    }

    fn config(&self) -> Value {
        self.config.clone()
    }

    fn output_shapes(&self, inputs: &[Shape]) -> Result<Vec<Shape>> {
        let inputs: Vec<Dims> = inputs.iter().map(|shape| Dims::fixed(shape)).collect();
        let outputs = self.output_dims(&inputs)?;
        outputs
            .iter()
            .map(|dims| match dims.shape() {
                Some(shape) => Ok(shape),
                None => bail!(
                    Shape,
                    "{}: computeOutputShape gives {dims:?} for inputs that are fixed",
                    self.class_name
                ),
            })
            .collect()
    }

    /// Numbers go to and fro: for each tensor its rank and its lengths, −1 where any will do.
    fn output_dims(&self, inputs: &[Dims]) -> Result<Vec<Dims>> {
        let mut asked = vec![SHAPES];
        for dims in inputs {
            asked.push(dims.len() as f64);
            asked.extend(
                dims.iter()
                    .map(|dim| dim.map_or(-1.0, |length| length as f64)),
            );
        }
        let told = call_foreign(self.id, &[], &asked)?;
        let Some(told) = told.first() else {
            bail!(
                State,
                "{}: computeOutputShape gives nothing",
                self.class_name
            );
        };
        let (mut rest, mut outputs) = (told.data(), Vec::new());
        while let [rank, after @ ..] = rest {
            let (lengths, after) = after.split_at((*rank as usize).min(after.len()));
            let dims = lengths
                .iter()
                .map(|&length| (length >= 0.0).then_some(length as usize));
            outputs.push(Dims::new(dims));
            rest = after;
        }
        Ok(outputs)
    }

    fn weights(&self, _: &[Shape]) -> Vec<WeightSpec> {
        self.wanted.borrow().clone()
    }

    fn call(
        &self,
        inputs: &[Tensor],
        weights: &[Tensor],
        context: &mut Context,
    ) -> Result<Tensors> {
        let given = [inputs, weights].concat();
        let training = if context.training { 1.0 } else { 0.0 };
        let asked = [CALL, training, inputs.len() as f64];
        Ok(call_foreign(self.id, &given, &asked)?.into_iter().collect())
    }

    fn as_any(&self) -> Option<&dyn Any> {
        Some(self)
    }
}

/// A layer whose mapping is the function of JavaScript that is registered under `id`.
///
/// # Errors
/// None in this build.
pub(super) fn layer(class_name: &str, config: Value, id: u32) -> Result<Rc<dyn Layer>> {
    Ok(Rc::new(CustomLayer::new(class_name, config, id)))
}

/// Tells a layer of JavaScript's what weights it has asked for.
///
/// # Errors
/// A layer of another kind, or values that make no sense.
pub(super) fn want_weights(layer: &dyn Layer, specs: &Value) -> Result<()> {
    let custom = layer.as_any().and_then(|any| any.downcast_ref());
    match custom {
        Some::<&CustomLayer>(custom) => custom.want(specs),
        None => bail!(
            State,
            "{}: its weights follow from its settings",
            layer.class_name()
        ),
    }
}

/// A loss or a metric: the function of JavaScript that is registered under `id`, of targets and predictions.
///
/// # Errors
/// None in this build.
pub(super) fn function(id: u32) -> Result<LossFunction> {
    Ok(Rc::new(move |targets, predictions| {
        let found = call_foreign(id, &[targets.clone(), predictions.clone()], &[])?;
        match <[Tensor; 1]>::try_from(found) {
            Ok([value]) => Ok(value),
            Err(_) => bail!(Value, "a loss or metric must give one tensor"),
        }
    }))
}
