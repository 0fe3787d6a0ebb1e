//! What a layer is: its settings, and a mapping from input tensors and weights to output tensors.
//!
//! A layer is pure. It says which weights it wants and computes with the values that it is handed; a
//! [`Member`] holds them. What training changes without a gradient (moving statistics) is a weight that is
//! not trainable, which a layer changes by [`Context::update`].
use super::regularizer::Regularizer;
use super::{Activation, Constraint, Dims, Initializer, Member};
use crate::base::error::{Result, bail};
use crate::base::json::Value;
use crate::base::rng::Rng;
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::{format, string::String, vec, vec::Vec};
use core::ops::Range;
use smallvec::{SmallVec, smallvec};

/// The tensors that go into a layer or come out of it, held inline where there are few.
pub type Tensors = SmallVec<[Tensor; 4]>;

/// A mask for each of some tensors: `[batch, time]`, 1 where a step counts and 0 where it does not. `None` where
/// every step counts.
pub type Masks = SmallVec<[Option<Tensor>; 4]>;

/// What a layer may need beyond its inputs and weights.
pub struct Context<'a> {
    /// Training, in which dropout drops, or inference, in which it does not.
    pub training: bool,
    /// Whether the layer's weights may change. A frozen [`BatchNormalization`](super::BatchNormalization) works as
    /// in inference.
    pub trainable: bool,
    /// Where a layer's randomness comes from.
    pub rng: &'a mut Rng,
    /// The masks of the inputs; empty where no input has one.
    pub masks: &'a [Option<Tensor>],
    /// What the call was given besides tensors: an object of [`call_options`](Layer::call_options), or null.
    pub options: &'a Value,
    /// Where what the layer changes is collected.
    effects: &'a mut Effects,
    /// The first of this layer's weights among those of the model.
    first: usize,
}

/// What a pass through layers leaves behind besides its outputs.
#[derive(Default)]
pub struct Effects {
    /// New values for weights, by their place among all weights of the pass.
    pub updates: Vec<(usize, Tensor)>,
    /// What is to be added to the loss.
    pub penalties: Vec<Tensor>,
}

impl Effects {
    /// Forgets everything, and keeps the room.
    pub(crate) fn clear(&mut self) {
        self.updates.clear();
        self.penalties.clear();
    }
}

impl<'a> Context<'a> {
    /// The context of a whole pass.
    pub fn new(training: bool, rng: &'a mut Rng, effects: &'a mut Effects) -> Self {
        Context {
            training,
            trainable: true,
            rng,
            masks: &[],
            options: &Value::Null,
            effects,
            first: 0,
        }
    }

    /// The mask of input number `index`.
    pub fn mask(&self, index: usize) -> Option<&Tensor> {
        self.masks.get(index)?.as_ref()
    }

    /// Gives weight number `index` of this layer a new value at the end of the step.
    pub fn update(&mut self, index: usize, value: Tensor) {
        self.effects.updates.push((self.first + index, value));
    }

    /// What weight number `index` will be after this step as far as is known: its value among the layer's `weights`,
    /// or the last that it was [given](Context::update), by an earlier call of the same layer in this pass.
    pub fn latest(&self, index: usize, weights: &[Tensor]) -> Tensor {
        let place = self.first + index;
        let given = self
            .effects
            .updates
            .iter()
            .rfind(|update| update.0 == place);
        given.map_or_else(|| weights[index].clone(), |(_, value)| value.clone())
    }

    /// Adds a single value to the loss of this step.
    pub fn add_loss(&mut self, penalty: Tensor) {
        self.effects.penalties.push(penalty);
    }

    /// Adds what a layer's output adds to the loss, in training and in evaluation: Keras' mean over the batch.
    ///
    /// # Errors
    /// None that can be reached: a penalty takes any shape.
    pub fn regularize(&mut self, regularizer: Option<Regularizer>, y: &Tensor) -> Result<()> {
        if let Some(regularizer) = regularizer {
            let samples = y.shape().first().copied().unwrap_or(1).max(1) as f32;
            self.add_loss(regularizer.penalty(y)?.scale(1.0 / samples));
        }
        Ok(())
    }

    /// The context for a layer inside this one, whose weights begin at number `first` of this layer's and whose
    /// inputs have `masks`.
    pub fn within<'b>(&'b mut self, first: usize, masks: &'b [Option<Tensor>]) -> Context<'b> {
        Context {
            training: self.training,
            trainable: self.trainable,
            rng: self.rng,
            masks,
            options: &Value::Null,
            effects: self.effects,
            first: self.first + first,
        }
    }
}

/// A weight that a layer asks for.
#[derive(Clone, Debug)]
pub struct WeightSpec {
    /// `kernel`, or a path: `lstm_cell/kernel`.
    pub name: String,
    /// Its shape.
    pub shape: Vec<usize>,
    /// What it starts as.
    pub initializer: Initializer,
    /// Which of its elements start as 1 all the same.
    pub ones: Range<usize>,
    /// Whether gradients change it; what [`Context::update`] changes is not trainable.
    pub trainable: bool,
    /// What it adds to the loss.
    pub regularizer: Option<Regularizer>,
    /// What it is held to after each step.
    pub constraint: Option<Constraint>,
    /// The values it starts as, in place of the initializer's.
    pub value: Option<Tensor>,
}

impl WeightSpec {
    /// A weight that gradients change and that starts as `initializer` says.
    pub fn new(name: &str, shape: Vec<usize>, initializer: Initializer) -> Self {
        WeightSpec {
            name: name.into(),
            shape,
            initializer,
            ones: 0..0,
            trainable: true,
            regularizer: None,
            constraint: None,
            value: None,
        }
    }

    /// The same weight with a regularizer and a constraint.
    #[must_use]
    pub fn held(self, regularizer: Option<Regularizer>, constraint: Option<Constraint>) -> Self {
        WeightSpec {
            regularizer,
            constraint,
            ..self
        }
    }

    /// The same weight, changed by its layer and not by gradients.
    #[must_use]
    pub fn state(self) -> Self {
        WeightSpec {
            trainable: false,
            ..self
        }
    }

    /// The values it starts as.
    ///
    /// # Errors
    /// A value of another shape than the weight's.
    pub fn start(&self, rng: &mut Rng) -> Result<Tensor> {
        if let Some(value) = &self.value {
            if **value.shape() != *self.shape {
                bail!(
                    Shape,
                    "weight {}: {:?} values for the shape {:?}",
                    self.name,
                    value.shape(),
                    self.shape
                );
            }
            return Ok(value.detach());
        }
        let mut values = self.initializer.fill(&self.shape, rng);
        if let Some(ones) = values.get_mut(self.ones.clone()) {
            ones.fill(1.0);
        }
        Tensor::new(values, &self.shape)
    }
}

/// A mapping from some tensors to some tensors, with weights.
///
/// Most layers map one tensor to one: they are a [`Mapping`], which is the simpler form of this trait.
pub trait Layer {
    /// Keras' class name, `"Dense"`.
    fn class_name(&self) -> &str;

    /// The configuration as JSON, Keras' keys.
    fn config(&self) -> Value;

    /// Whether the configuration makes sense by itself.
    ///
    /// # Errors
    /// Names the key and what was expected.
    fn check(&self) -> Result<()> {
        Ok(())
    }

    /// The shapes of one sample's outputs for inputs of these shapes (no batch axis).
    ///
    /// # Errors
    /// Inputs that this layer cannot take.
    fn output_shapes(&self, inputs: &[Shape]) -> Result<Vec<Shape>>;

    /// The same where some lengths are not fixed. By default the lengths of the outputs that depend on them are
    /// found by [trying two](Dims::outputs).
    ///
    /// # Errors
    /// Inputs that this layer cannot take.
    fn output_dims(&self, inputs: &[Dims]) -> Result<Vec<Dims>> {
        Dims::outputs(inputs, &|shapes| self.output_shapes(shapes))
    }

    /// The weights it needs for inputs of these shapes, in Keras' order; not those of
    /// [the layers inside it](Layer::sublayers).
    fn weights(&self, _inputs: &[Shape]) -> Vec<WeightSpec> {
        Vec::new()
    }

    /// The mapping. `weights` are this layer's own, then those of the layers inside it.
    ///
    /// # Errors
    /// Those of its ops.
    fn call(&self, inputs: &[Tensor], weights: &[Tensor], context: &mut Context)
    -> Result<Tensors>;

    /// The mapping before the [activation](Layer::activation).
    ///
    /// # Errors
    /// Those of its ops.
    fn call_raw(
        &self,
        inputs: &[Tensor],
        weights: &[Tensor],
        context: &mut Context,
    ) -> Result<Tensors> {
        self.call(inputs, weights, context)
    }

    /// What [`call`](Layer::call) applies to what [`call_raw`](Layer::call_raw) gives; apart, so that a loss can see
    /// logits.
    fn activation(&self) -> Activation {
        Activation::Linear
    }

    /// The masks of the outputs; [`Context::masks`] are those of the inputs.
    ///
    /// # Errors
    /// Those of its ops.
    fn output_masks(&self, _inputs: &[Tensor], _context: &mut Context) -> Result<Masks> {
        Ok(Masks::new())
    }

    /// The mapping with the masks of its outputs; `raw` leaves the [activation](Layer::activation) out. Layers whose masks
    /// are known only once they have run override it.
    ///
    /// # Errors
    /// Those of its ops.
    fn call_with_masks(
        &self,
        inputs: &[Tensor],
        weights: &[Tensor],
        context: &mut Context,
        raw: bool,
    ) -> Result<(Tensors, Masks)> {
        let masks = self.output_masks(inputs, context)?;
        let outputs = if raw {
            self.call_raw(inputs, weights, context)
        } else {
            self.call(inputs, weights, context)
        };
        Ok((outputs?, masks))
    }

    /// What a call takes besides tensors, by name.
    fn call_options(&self) -> &[&str] {
        &[]
    }

    /// Which of the [options](Layer::call_options) are tensors: later inputs, whose places the option holds as a list.
    fn call_tensors(&self) -> &[&str] {
        &[]
    }

    /// Whether Keras gives several inputs one by one (`attention(query, value)`) and not as a list.
    fn takes_separately(&self) -> bool {
        false
    }

    /// The layers inside this one; their weights follow its own.
    fn sublayers(&self) -> Vec<Member> {
        Vec::new()
    }

    /// Prepares the layers inside this one for inputs of these shapes.
    ///
    /// # Errors
    /// Inputs that they cannot take.
    fn build(&self, _inputs: &[Dims], _rng: &mut Rng) -> Result<()> {
        Ok(())
    }

    /// Names the layers inside this one when it has got its own name.
    fn named(&self, _name: &str) {}

    /// This layer as what it is, for those who made it and know.
    fn as_any(&self) -> Option<&dyn core::any::Any> {
        None
    }

    /// This layer as a model, if it is one.
    fn as_model(&self) -> Option<&super::Model> {
        None
    }
}

/// A layer that maps one tensor to one: `y = activation(transform(x, weights))`.
pub trait Mapping {
    /// Keras' class name, `"Dense"`.
    fn class_name(&self) -> &str;

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

    /// What the outputs add to the loss.
    fn activity_regularizer(&self) -> Option<Regularizer> {
        None
    }

    /// Whether the mask of the input is that of the output too.
    fn passes_mask(&self) -> bool {
        false
    }
}

impl<M: Mapping> Layer for M {
    fn class_name(&self) -> &str {
        Mapping::class_name(self)
    }

    fn config(&self) -> Value {
        Mapping::config(self)
    }

    fn check(&self) -> Result<()> {
        Mapping::check(self)
    }

    fn output_shapes(&self, inputs: &[Shape]) -> Result<Vec<Shape>> {
        let input = one(Mapping::class_name(self), inputs)?;
        Ok(vec![self.output_shape(input)?])
    }

    fn weights(&self, inputs: &[Shape]) -> Vec<WeightSpec> {
        inputs
            .first()
            .map_or_else(Vec::new, |input| Mapping::weights(self, input))
    }

    fn call(
        &self,
        inputs: &[Tensor],
        weights: &[Tensor],
        context: &mut Context,
    ) -> Result<Tensors> {
        let x = one(Mapping::class_name(self), inputs)?;
        let y = self.forward(x, weights, context)?;
        context.regularize(self.activity_regularizer(), &y)?;
        Ok(smallvec![y])
    }

    fn call_raw(
        &self,
        inputs: &[Tensor],
        weights: &[Tensor],
        context: &mut Context,
    ) -> Result<Tensors> {
        if self.activity_regularizer().is_some() {
            return self.call(inputs, weights, context);
        }
        let x = one(Mapping::class_name(self), inputs)?;
        Ok(smallvec![self.transform(x, weights, context)?])
    }

    fn activation(&self) -> Activation {
        match self.activity_regularizer() {
            // A penalty on outputs needs them whole.
            Some(_) => Activation::Linear,
            None => Mapping::activation(self),
        }
    }

    fn output_masks(&self, _: &[Tensor], context: &mut Context) -> Result<Masks> {
        Ok(match context.mask(0) {
            Some(mask) if self.passes_mask() => smallvec![Some(mask.clone())],
            _ => Masks::new(),
        })
    }
}

/// The only input of a layer that takes one.
fn one<'a, T>(class_name: &str, inputs: &'a [T]) -> Result<&'a T> {
    match inputs {
        [input] => Ok(input),
        _ => bail!(
            Shape,
            "{class_name}: one input is expected, but there are {}",
            inputs.len()
        ),
    }
}

/// Refuses a size of 0; `what` names the layer and key.
pub(crate) fn positive(what: &str, sizes: &[usize]) -> Result<()> {
    if sizes.contains(&0) {
        bail!(Value, "{what} must be at least 1, but is {sizes:?}");
    }
    Ok(())
}

/// Refuses an input with another number of axes; `what` says what a sample should be.
pub(crate) fn expect_rank(
    class_name: &str,
    input: &[usize],
    rank: usize,
    what: &str,
) -> Result<()> {
    if input.len() != rank {
        bail!(
            Shape,
            "{class_name}: each sample must be {what}, but has the shape {input:?}"
        );
    }
    Ok(())
}

/// Which axis of a sample `axis` means, which counts the batch axis as Keras does: −1 is the last, 1 the first of the
/// sample.
///
/// # Errors
/// The batch axis, or an axis that is not there.
pub(crate) fn sample_axis(class_name: &str, axis: isize, rank: usize) -> Result<usize> {
    let counted = if axis < 0 {
        axis + rank as isize + 1
    } else {
        axis
    };
    if counted < 1 || counted > rank as isize {
        let why = format!("samples have {rank} axes, numbered from 1");
        bail!(Value, "{class_name}: `axis` cannot be {axis}: {why}");
    }
    Ok(counted as usize - 1)
}
