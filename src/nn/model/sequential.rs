//! A model that is one layer after the other.
use super::save;
use crate::base::error::{Error, Result, bail};
use crate::base::json::{Setting, Settings, Value, json};
use crate::base::rng::Rng;
use crate::nn::{Activation, Context, Layer, parse};
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::{boxed::Box, format, string::String, vec::Vec};

/// A named weight of a model.
#[derive(Clone, Debug)]
pub struct Weight {
    /// `dense_1/kernel`.
    pub name: String,
    /// Its values now.
    pub value: Tensor,
    /// Whether training may change it.
    pub trainable: bool,
}

pub(super) struct Slot {
    pub(super) name: String,
    trainable: bool,
    pub(super) layer: Box<dyn Layer>,
    pub(super) weights: Vec<Weight>,
    pub(super) output_shape: Shape,
}

/// Layers in a row. Built when the shape of an input sample is known.
#[derive(Default)]
pub struct Sequential {
    pub(super) slots: Vec<Slot>,
    input_shape: Option<Vec<usize>>,
    built: bool,
}

/// What every layer's configuration may have.
struct Common {
    name: Option<String>,
    trainable: bool,
    input_shape: Option<Vec<usize>>,
}

impl Sequential {
    /// A model without layers.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a layer by class and configuration. An `InputLayer`, or an `input_shape` on the first layer,
    /// tells the shape of a sample.
    ///
    /// # Errors
    /// What [`parse`] refuses, a name that is taken, or an input shape on a later layer that differs.
    pub fn add(&mut self, class_name: &str, config: Value) -> Result<()> {
        if self.built {
            bail!(
                State,
                "add: the model is built already; add all layers first"
            );
        }
        let (common, config) = common(class_name, config)?;
        if class_name == "InputLayer" {
            let Some(shape) = common.input_shape else {
                bail!(Value, "InputLayer: `input_shape` is missing")
            };
            Settings::new(class_name, &config, &[])?;
            return self.set_input_shape(shape);
        }
        let layer = parse(class_name, &config)?;
        let name = common.name.unwrap_or_else(|| self.free_name(class_name));
        if self.slots.iter().any(|slot| slot.name == name) {
            bail!(Value, "layer name `{name}` is used twice");
        }
        if let Some(shape) = common.input_shape {
            self.set_input_shape(shape)?;
        }
        self.slots.push(Slot {
            name,
            trainable: common.trainable,
            layer,
            weights: Vec::new(),
            output_shape: Shape::default(),
        });
        Ok(())
    }

    fn set_input_shape(&mut self, shape: Vec<usize>) -> Result<()> {
        if shape.contains(&0) || shape.len() >= crate::tensor::shape::MAX_RANK {
            bail!(
                Shape,
                "input shape {shape:?}: up to five sizes of at least 1 are expected"
            );
        }
        if !self.slots.is_empty() {
            bail!(
                Value,
                "input shape {shape:?}: only the first layer may have one"
            );
        }
        self.input_shape = Some(shape);
        Ok(())
    }

    /// `dense`, then `dense_1`, `dense_2`, …
    fn free_name(&self, class_name: &str) -> String {
        let base = save::snake(class_name);
        let taken = |name: &str| self.slots.iter().any(|slot| slot.name == name);
        if !taken(&base) {
            return base;
        }
        (1..)
            .map(|n| format!("{base}_{n}"))
            .find(|name| !taken(name))
            .unwrap_or(base)
    }

    /// Makes the weights for input samples of `input_shape` (or the shape a layer named), from `seed`.
    ///
    /// # Errors
    /// No layers, no shape, or a layer that cannot take its input. Nothing is built then.
    pub fn build(&mut self, input_shape: Option<&[usize]>, seed: u64) -> Result<()> {
        let shape = match (input_shape, &self.input_shape) {
            (Some(given), Some(named)) if given != named => {
                bail!(
                    Shape,
                    "build: samples are {given:?}, but the first layer's input shape is {named:?}"
                );
            }
            (Some(shape), _) => shape.to_vec(),
            (None, Some(shape)) => shape.clone(),
            (None, None) => bail!(
                State,
                "build: the input shape is not known; give the first layer `input_shape`"
            ),
        };
        if self.slots.is_empty() {
            bail!(State, "build: the model has no layers");
        }
        self.check_sizes(&shape)?;
        let mut rng = Rng::new(seed);
        let mut built = Vec::with_capacity(self.slots.len());
        let mut current = Shape::new(&shape)?;
        for slot in &self.slots {
            let output = slot
                .layer
                .output_shape(&current)
                .map_err(|error| at_layer(&slot.name, error))?;
            let mut weights = Vec::new();
            for spec in slot.layer.weights(&current) {
                let value = Tensor::new(spec.fill(&mut rng), &spec.shape)?;
                weights.push(Weight {
                    name: format!("{}/{}", slot.name, spec.name),
                    value,
                    trainable: slot.trainable,
                });
            }
            current = output;
            built.push((weights, output));
        }
        for (slot, (weights, output)) in self.slots.iter_mut().zip(built) {
            (slot.weights, slot.output_shape) = (weights, output);
        }
        self.input_shape = Some(shape);
        self.built = true;
        Ok(())
    }

    /// Refuses what cannot be held: layers that cannot take their input, sizes that overflow, weights that
    /// do not fit into memory. Running out of memory later would end the program.
    fn check_sizes(&self, input: &[usize]) -> Result<()> {
        let (mut current, mut params) = (Shape::new(input)?, 0);
        for slot in &self.slots {
            let named = |error| at_layer(&slot.name, error);
            let output = slot.layer.output_shape(&current).map_err(named)?;
            for spec in slot.layer.weights(&current) {
                params += Shape::new(&spec.shape).map_err(named)?.size() as u64;
            }
            current = output;
        }
        let bytes = usize::try_from(params * 4).unwrap_or(usize::MAX);
        if Vec::<u8>::new().try_reserve_exact(bytes).is_err() {
            bail!(
                Value,
                "build: the model's {params} parameters do not fit into memory"
            );
        }
        Ok(())
    }

    /// Whether the weights exist.
    pub fn is_built(&self) -> bool {
        self.built
    }

    /// The shape of an input sample, if known.
    pub fn input_shape(&self) -> Option<&[usize]> {
        self.input_shape.as_deref()
    }

    /// The shape of an output sample; empty before the model is built.
    pub fn output_shape(&self) -> &[usize] {
        self.slots.last().map_or(&[], |slot| &slot.output_shape)
    }

    /// Refuses samples of another shape than the model's.
    ///
    /// # Errors
    /// The model is not built, or the shapes differ.
    pub fn check_input(&self, sample: &[usize]) -> Result<()> {
        match &self.input_shape {
            Some(shape) if self.built && shape == sample => Ok(()),
            Some(shape) if self.built => {
                bail!(
                    Shape,
                    "the model takes samples of shape {shape:?}, but these are {sample:?}"
                )
            }
            _ => bail!(State, "the model is not built yet"),
        }
    }

    /// What the last layer gives before its activation, and that activation.
    ///
    /// # Errors
    /// Samples of another shape, or an op's own.
    pub fn raw(
        &self,
        x: &Tensor,
        weights: &[Tensor],
        context: &mut Context,
    ) -> Result<(Tensor, Activation)> {
        self.check_input(x.shape().get(1..).unwrap_or_default())?;
        let (mut x, mut used) = (x.clone(), 0);
        for (index, slot) in self.slots.iter().enumerate() {
            let own = &weights[used..used + slot.weights.len()];
            used += slot.weights.len();
            let is_last = index + 1 == self.slots.len();
            let y = if is_last {
                slot.layer.transform(&x, own, context)
            } else {
                slot.layer.forward(&x, own, context)
            };
            x = y.map_err(|error| at_layer(&slot.name, error))?;
        }
        let last = self.slots.last().map(|slot| slot.layer.activation());
        Ok((x, last.unwrap_or_default()))
    }

    /// The model's answer to a batch, as in inference.
    ///
    /// # Errors
    /// Samples of another shape.
    pub fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let (raw, activation) = self.infer(x)?;
        activation.apply(&raw)
    }

    /// [`raw`](Sequential::raw) as in inference.
    pub(crate) fn infer(&self, x: &Tensor) -> Result<(Tensor, Activation)> {
        // Once for all batches that meet these weights.
        self.weights().for_each(|weight| weight.value.look_over());
        let mut context = Context {
            training: false,
            rng: &mut Rng::new(0),
        };
        self.raw(x, &self.values(), &mut context)
    }

    /// All weights' values, layer by layer.
    pub fn values(&self) -> Vec<Tensor> {
        self.weights().map(|weight| weight.value.clone()).collect()
    }

    /// All weights, layer by layer.
    pub fn weights(&self) -> impl Iterator<Item = &Weight> {
        self.slots.iter().flat_map(|slot| &slot.weights)
    }

    pub(crate) fn weights_mut(&mut self) -> impl Iterator<Item = &mut Weight> {
        self.slots.iter_mut().flat_map(|slot| &mut slot.weights)
    }

    /// Replaces all weights.
    ///
    /// # Errors
    /// Another number of tensors, or other shapes; nothing is replaced then.
    pub fn set_weights(&mut self, values: &[Tensor]) -> Result<()> {
        let count = self.weights().count();
        if values.len() != count {
            bail!(
                Shape,
                "set_weights: the model has {count} weights, but {} were given",
                values.len()
            );
        }
        for (weight, value) in self.weights().zip(values) {
            if weight.value.shape() != value.shape() {
                bail!(
                    Shape,
                    "set_weights: {} is {:?}, not {:?}",
                    weight.name,
                    weight.value.shape(),
                    value.shape()
                );
            }
        }
        self.weights_mut()
            .zip(values)
            .for_each(|(weight, value)| weight.value = value.detach());
        Ok(())
    }

    /// The weights of layer number `index`.
    pub fn layer_weights(&self, index: usize) -> &[Weight] {
        self.slots.get(index).map_or(&[], |slot| &slot.weights)
    }

    /// The architecture as Keras-shaped JSON.
    pub fn to_json(&self) -> Value {
        let layer = |(index, slot): (usize, &Slot)| {
            let mut config = slot.layer.config();
            if let Value::Object(config) = &mut config {
                config.push(("name".into(), slot.name.clone().into()));
                if !slot.trainable {
                    config.push(("trainable".into(), false.into()));
                }
                if let (0, Some(shape)) = (index, &self.input_shape) {
                    config.push(("input_shape".into(), shape.clone().into()));
                }
            }
            json!({ "class_name": slot.layer.class_name(), "config": config })
        };
        let layers: Vec<Value> = self.slots.iter().enumerate().map(layer).collect();
        json!({ "class_name": "Sequential", "config": { "layers": layers } })
    }

    /// A model from [`to_json`](Sequential::to_json)'s form; its weights come with `build` or
    /// [`load_weights`](Sequential::load_weights).
    ///
    /// # Errors
    /// JSON of another form, or what [`add`](Sequential::add) refuses.
    pub fn from_json(json: &Value) -> Result<Self> {
        let Some(layers) = json["config"]["layers"].as_array() else {
            bail!(
                Format,
                "model: expected {{ \"class_name\": \"Sequential\", \"config\": {{ \"layers\": […] }} }}"
            );
        };
        let mut model = Sequential::new();
        for layer in layers {
            let Some(class_name) = layer["class_name"].as_str() else {
                bail!(Format, "model: a layer without a `class_name`: {layer}");
            };
            model.add(class_name, layer["config"].clone())?;
        }
        Ok(model)
    }

    /// The weights in the safetensors format, by name.
    ///
    /// # Errors
    /// The model is not built.
    pub fn save_weights(&self) -> Result<Vec<u8>> {
        if !self.built {
            bail!(State, "save_weights: the model is not built yet");
        }
        Ok(save::save(self.weights()))
    }

    /// Loads weights from the safetensors format, by name. Builds the model first where its shape is known.
    ///
    /// # Errors
    /// Bytes of another format, weights that are missing or have other shapes; nothing changes then.
    pub fn load_weights(&mut self, bytes: &[u8]) -> Result<()> {
        if !self.built {
            self.build(None, 0)?;
        }
        let values = save::load(bytes, self.weights())?;
        self.set_weights(&values)
    }
}

/// Takes the keys that every layer may have out of its configuration.
fn common(class_name: &str, config: Value) -> Result<(Common, Value)> {
    const KEYS: [&str; 4] = ["name", "trainable", "input_shape", "batch_input_shape"];
    let (every, own) = match config {
        Value::Object(fields) => {
            let (every, own) = fields
                .into_iter()
                .partition(|(key, _)| KEYS.contains(&&**key));
            (Value::Object(every), Value::Object(own))
        }
        other => (Value::Null, other),
    };
    let settings = Settings::new(class_name, &every, &KEYS)?;
    let name: Option<String> = settings.optional("name")?;
    if name.as_ref().is_some_and(String::is_empty) {
        bail!(Value, "{class_name}: `name` must not be empty");
    }
    let batched: Option<Vec<Value>> = settings.optional("batch_input_shape")?;
    let shape = match (settings.optional("input_shape")?, batched) {
        (None, Some(batched)) => {
            let sizes = batched.iter().skip(1).map(usize::read);
            Some(sizes.collect::<Result<_>>()?)
        }
        (shape, _) => shape,
    };
    let common = Common {
        name,
        trainable: settings.or("trainable", true)?,
        input_shape: shape,
    };
    Ok((common, own))
}

/// Puts a layer's name in front of what went wrong in it.
fn at_layer(name: &str, error: Error) -> Error {
    let text = format!("layer {name}: {error}");
    match error {
        Error::Shape(_) => Error::Shape(text),
        Error::Value(_) => Error::Value(text),
        Error::Format(_) => Error::Format(text),
        Error::State(_) => Error::State(text),
        Error::Memory(_) => Error::Memory(text),
    }
}
