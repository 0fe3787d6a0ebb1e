//! What a layer is: its settings, and a mapping from input tensors and weights to output tensors.
//!
//! A layer is pure. It says which weights it wants and computes with the values that it is handed; a
//! [`Member`] holds them. What training changes without a gradient (moving statistics) is a weight that is
//! not trainable, which a layer changes by [`Context::update`].
use super::{Activation, Dims, Member};
use crate::base::error::Result;
use crate::base::json::Value;
use crate::base::rng::Rng;
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::vec::Vec;
use smallvec::SmallVec;

mod carried;
mod checks;
mod context;
mod mapping;
mod weight_spec;

pub use carried::Carried;
pub(crate) use carried::MAY_CARRY;
pub(crate) use checks::{all_positive, expect_rank, positive, sample_axis};
pub use context::{Context, Effects};
pub use mapping::Mapping;
pub use weight_spec::WeightSpec;

/// The tensors that go into a layer or come out of it, held inline where there are few.
pub type Tensors = SmallVec<[Tensor; 4]>;

/// A mask for each of some tensors: `[batch, time]`, 1 where a step counts and 0 where it does not. `None` where
/// every step counts.
pub type Masks = SmallVec<[Option<Tensor>; 4]>;

/// A mapping from some tensors to some tensors, with weights.
///
/// Most layers map one tensor to one: they are a [`Mapping`], which is the simpler form of this trait.
pub trait Layer {
    /// Keras' class name, `"Dense"`.
    fn class_name(&self) -> &str;

    /// The configuration as JSON, Keras' keys.
    fn config(&self) -> Value;

    /// The seed of a layer that draws random numbers: its generator is saved, so that training goes on exactly.
    fn seed(&self) -> Option<&super::Seed> {
        None
    }

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

    /// The same as [`output_shapes`](Layer::output_shapes), where some lengths are not fixed. By default the lengths of the outputs that depend on them are
    /// found by [trying two](Dims::outputs).
    ///
    /// # Errors
    /// Inputs that this layer cannot take.
    fn output_dims(&self, inputs: &[Dims]) -> Result<Vec<Dims>> {
        Dims::outputs(inputs, &|shapes| self.output_shapes(shapes))
    }

    /// Whether it joins the batches of inputs of these shapes, so that results have more samples than each of them. It
    /// may be applied to tensors then, and not be part of a model, whose samples keep their number.
    fn joins_batches(&self, _inputs: &[Dims]) -> bool {
        false
    }

    /// The same as [`output_dims`](Layer::output_dims), for a call that is given `options`, on which the number of outputs may depend.
    ///
    /// # Errors
    /// Inputs or options that this layer cannot take.
    fn output_dims_with(&self, inputs: &[Dims], _options: &Value) -> Result<Vec<Dims>> {
        self.output_dims(inputs)
    }

    /// The layer's own weights for inputs of these shapes, in Keras' order, without the weights of
    /// [the layers inside it](Layer::sublayers).
    fn weights(&self, _inputs: &[Shape]) -> Vec<WeightSpec> {
        Vec::new()
    }

    /// The mapping. `weights` are this layer's own, then the weights of the layers inside it.
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

    /// The function that [`call`](Layer::call) applies to the result of [`call_raw`](Layer::call_raw). They are separate so
    /// that a loss can see logits.
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

    /// The mapping with the masks of its outputs, for a layer whose masks are known only once it has run; else `None`.
    /// `raw` leaves the [activation](Layer::activation) out.
    fn call_with_masks(
        &self,
        _inputs: &[Tensor],
        _weights: &[Tensor],
        _context: &mut Context,
        _raw: bool,
    ) -> Option<Result<(Tensors, Masks)>> {
        None
    }

    /// What a call takes besides tensors, by name.
    fn call_options(&self) -> &[&str] {
        &[]
    }

    /// Which of the [options](Layer::call_options) are tensors: later inputs, whose places the option holds as a list.
    fn call_tensors(&self) -> &[&str] {
        &[]
    }

    /// The one order in which the layer takes its inputs, whether they come by place or by name: the places of these
    /// `count` inputs in that order, and the options as they are then.
    ///
    /// # Errors
    /// Inputs that are missing or too many.
    fn arrange(&self, count: usize, options: Value) -> Result<(Vec<usize>, Value)> {
        Ok(((0..count).collect(), options))
    }

    /// Whether Keras gives several inputs one by one (`attention(query, value)`) and not as a list.
    fn takes_separately(&self) -> bool {
        false
    }

    /// The shapes of a sample's states, for a layer that is a cell or that keeps states: for inputs of this shape. A cell
    /// is a layer that maps `[x, states…]` to `[y, new states…]`, which a recurrent layer calls at every step.
    ///
    /// # Errors
    /// An input that it cannot take.
    fn state_dims(&self, _input: &Dims) -> Result<Option<Vec<Dims>>> {
        Ok(None)
    }

    /// Whether the layer is a cell.
    fn is_cell(&self) -> bool {
        false
    }

    /// The states of a layer that keeps states from one batch to the next.
    fn carried(&self) -> Option<&Carried> {
        None
    }

    /// The layers inside this one; their weights follow this layer's own.
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

    /// How many values the weights of the layers inside this one have that [`build`](Layer::build) would make.
    ///
    /// # Errors
    /// Inputs that they cannot take.
    fn missing_inside(&self, _inputs: &[Dims]) -> Result<u64> {
        Ok(0)
    }

    /// Tells the layer the name that it has got, by which it names the layers inside it.
    fn named(&self, _name: &str) {}

    /// This layer as its own type, for code that knows which type it is.
    fn as_any(&self) -> Option<&dyn core::any::Any> {
        None
    }

    /// This layer as a model, if it is one.
    fn as_model(&self) -> Option<&super::Model> {
        None
    }
}
