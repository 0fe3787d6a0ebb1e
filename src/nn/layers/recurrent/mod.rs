//! Layers that read sequences step by step: `[time, features] → [units]`, or `[time, units]` with `return_sequences`.
//!
//! Each of them is its settings; what they do is the same for all and stands in [`Reader`], on the op
//! [`Tensor::recurrent`].
pub(super) mod conv_lstm;
mod how;
mod reader;
pub(super) mod rnn;
pub(super) mod setting;
pub(super) mod stacked;

use crate::base::error::Result;
use crate::base::json::{Value, settings};
use crate::nn::layer::{Carried, Masks, Tensors};
use crate::nn::{
    Activation, Constraint, Context, Dims, Initializer, Layer, Regularizer, Seed, WeightSpec,
};
use crate::ops::Recurrence;
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::vec::Vec;
use core::any::Any;
use how::How;
use reader::Reader;
use setting::{Cudnn, Stateful};

/// The settings of a cell, and of the layer that reads sequences with it: `$first`, those that all have, and `$more`.
macro_rules! cell_settings {
    ({ $(#[$doc:meta])* $class:ident } { $($first:tt)* } { $($more:tt)* }) => {
        settings! {
            $(#[$doc])*
            #[derive(Clone, Debug)]
            pub struct $class {
                $($first)*
                /// Applied to what comes in, and to what goes out of cells.
                activation: Activation = Activation::Tanh,
                /// Whether a bias is added.
                use_bias: bool = true,
                /// What the kernel starts as.
                kernel_initializer: Initializer = Initializer::glorot_uniform(),
                /// What the recurrent kernel starts as.
                recurrent_initializer: Initializer = Initializer::Orthogonal(1.0),
                /// What the bias starts as.
                bias_initializer: Initializer = Initializer::Zeros,
                /// What the kernel adds to the loss.
                kernel_regularizer: Option<Regularizer> = None,
                /// What the recurrent kernel adds to the loss.
                recurrent_regularizer: Option<Regularizer> = None,
                /// What the bias adds to the loss.
                bias_regularizer: Option<Regularizer> = None,
                /// What the kernel is held to.
                kernel_constraint: Option<Constraint> = None,
                /// What the recurrent kernel is held to.
                recurrent_constraint: Option<Constraint> = None,
                /// What the bias is held to.
                bias_constraint: Option<Constraint> = None,
                /// The share of inputs that are dropped, the same at every step of a sequence.
                dropout: f32 = 0.0,
                /// The share of what is remembered that is dropped on its way to the gates.
                recurrent_dropout: f32 = 0.0,
                /// With a seed the layer draws what is dropped from a generator of its own.
                seed: Seed = Seed::default(),
                $($more)*
            }
        }
    };
}
pub(super) use cell_settings;

/// What a layer or a cell reads with.
macro_rules! reader {
    ($self:ident, $class:ident, $path:expr, $recurrence:expr, $gate:expr, $forget:expr, $how:expr) => {{
        let recurrence: fn(&Self) -> Recurrence = $recurrence;
        let gate: fn(&Self) -> Activation = $gate;
        let forget: fn(&Self) -> bool = $forget;
        Reader {
            class_name: stringify!($class),
            path: $path,
            recurrence: recurrence($self),
            units: $self.units,
            activation: $self.activation,
            gate: gate($self),
            use_bias: $self.use_bias,
            unit_forget_bias: forget($self),
            initializers: [
                $self.kernel_initializer,
                $self.recurrent_initializer,
                $self.bias_initializer,
            ],
            regularizers: [
                $self.kernel_regularizer,
                $self.recurrent_regularizer,
                $self.bias_regularizer,
            ],
            constraints: [
                &$self.kernel_constraint,
                &$self.recurrent_constraint,
                &$self.bias_constraint,
            ],
            dropout: $self.dropout,
            recurrent_dropout: $self.recurrent_dropout,
            seed: &$self.seed,
            how: $how,
        }
    }};
}

/// A recurrent layer and its cell: settings that all have and those of their own, what a step computes, and how Keras
/// names the weights.
macro_rules! recurrent_layer {
    (
        $(#[$doc:meta])*
        $class:ident, $cell:ident, $path:literal, $recurrence:expr, gates $gate:expr, forget $forget:expr;
        { $($own:tt)* }
    ) => {
        cell_settings! {
            {
                $(#[$doc])*
                ///
                /// Dropout is Keras' too: a sample's mask is the same at every step (Gal and Ghahramani 2016); with
                /// `recurrent_dropout` each gate has masks of its own. Inputs after the first are the state to begin
                /// with, `[units]` each; steps whose mask is 0 are passed over.
                $class
            }
            {
                /// How many outputs.
                units: usize,
            }
            {
                /// What the outputs add to the loss.
                activity_regularizer: Option<Regularizer> = None,
                /// The output of every step, not just the last.
                return_sequences: bool = false,
                /// The last state as further outputs.
                return_state: bool = false,
                /// From the last step to the first; outputs are in the order of reading.
                go_backwards: bool = false,
                /// Whether a batch goes on with the state of the batch before.
                stateful: Stateful = Stateful::default(),
                /// How Keras computes it, never what.
                unroll: bool = false,
                /// Whether the outputs of steps whose mask is 0 are 0, and not those of the step before.
                zero_output_for_mask: bool = false,
                /// How Keras computes it, never what.
                use_cudnn: Option<Cudnn> = None,
                $($own)*
            }
        }

        cell_settings! {
            {
                $(#[$doc])*
                ///
                /// As a cell: one step, `[y, new states…]` from `[x, states…]`, for [`RNN`](crate::nn::RNN).
                $cell
            }
            {
                /// How many outputs.
                units: usize,
            }
            { $($own)* }
        }

        impl $class {
            fn reader(&self) -> Reader<'_> {
                let how = How {
                    sequences: self.return_sequences,
                    states: self.return_state,
                    backwards: self.go_backwards,
                    zero_masked: self.zero_output_for_mask,
                    activity_regularizer: self.activity_regularizer,
                    carried: self.stateful.carried(),
                };
                reader!(self, $class, $path, $recurrence, $gate, $forget, how)
            }
        }

        impl $cell {
            fn reader(&self) -> Reader<'_> {
                reader!(self, $cell, "", $recurrence, $gate, $forget, How::STEP)
            }
        }

        impl Layer for $class {
    fn seed(&self) -> Option<&Seed> {
        Some(&self.seed)
    }

            fn class_name(&self) -> &str {
                stringify!($class)
            }

            fn config(&self) -> Value {
                self.to_json()
            }

            fn check(&self) -> Result<()> {
                self.reader().check()
            }

            fn output_shapes(&self, inputs: &[Shape]) -> Result<Vec<Shape>> {
                self.reader().output_shapes(inputs)
            }

            fn weights(&self, inputs: &[Shape]) -> Vec<WeightSpec> {
                self.reader().weights(inputs)
            }

            fn call(
                &self,
                inputs: &[Tensor],
                weights: &[Tensor],
                context: &mut Context,
            ) -> Result<Tensors> {
                self.reader().call(inputs, weights, context)
            }

            fn output_masks(&self, _: &[Tensor], context: &mut Context) -> Result<Masks> {
                Ok(self.reader().output_masks(context))
            }

            fn call_options(&self) -> &[&str] {
                &["initial_state"]
            }

            fn call_tensors(&self) -> &[&str] {
                &["initial_state"]
            }

            fn state_dims(&self, _: &Dims) -> Result<Option<Vec<Dims>>> {
                Ok(Some(self.reader().state_dims()))
            }

            fn carried(&self) -> Option<&Carried> {
                self.stateful.carried()
            }
        }

        impl Layer for $cell {
    fn seed(&self) -> Option<&Seed> {
        Some(&self.seed)
    }

            fn class_name(&self) -> &str {
                stringify!($cell)
            }

            fn config(&self) -> Value {
                self.to_json()
            }

            fn check(&self) -> Result<()> {
                self.reader().check()
            }

            fn output_shapes(&self, inputs: &[Shape]) -> Result<Vec<Shape>> {
                self.reader().step_shapes(inputs)
            }

            fn weights(&self, inputs: &[Shape]) -> Vec<WeightSpec> {
                self.reader().weights(inputs)
            }

            fn call(
                &self,
                inputs: &[Tensor],
                weights: &[Tensor],
                context: &mut Context,
            ) -> Result<Tensors> {
                self.reader().step(inputs, weights, context)
            }

            fn state_dims(&self, _: &Dims) -> Result<Option<Vec<Dims>>> {
                Ok(Some(self.reader().state_dims()))
            }

            fn is_cell(&self) -> bool {
                true
            }

            fn as_any(&self) -> Option<&dyn Any> {
                Some(self)
            }
        }
    };
}

recurrent_layer! {
    /// A plain recurrent network (Elman 1990): the output of a step is an input of the next; see
    /// [`Recurrence::Simple`].
    SimpleRNN, SimpleRNNCell, "simple_rnn_cell/", |_| Recurrence::Simple, gates |_| Activation::Sigmoid,
    forget |_| false;
    {}
}

recurrent_layer! {
    /// A gated recurrent unit (Cho et al. 2014); see [`Recurrence::Gru`]. Defaults are Keras': `recurrent_activation` a
    /// sigmoid and `reset_after` true (TensorFlow.js: a hard sigmoid and false).
    GRU, GRUCell, "gru_cell/", |layer| Recurrence::Gru { reset_after: layer.reset_after },
    gates |layer| layer.recurrent_activation, forget |_| false;
    {
        /// Applied to the gates.
        recurrent_activation: Activation = Activation::Sigmoid,
        /// Whether the reset gate acts after the product with the recurrent kernel, or before.
        reset_after: bool = true,
    }
}

recurrent_layer! {
    /// A long short-term memory (Hochreiter and Schmidhuber 1997); see [`Recurrence::Lstm`]. Defaults are Keras',
    /// `recurrent_activation` a sigmoid (TensorFlow.js: a hard sigmoid).
    LSTM, LSTMCell, "lstm_cell/", |_| Recurrence::Lstm, gates |layer| layer.recurrent_activation,
    forget |layer| layer.unit_forget_bias;
    {
        /// Applied to the gates.
        recurrent_activation: Activation = Activation::Sigmoid,
        /// Whether the forget gate's bias starts as 1 (Jozefowicz et al. 2015).
        unit_forget_bias: bool = true,
    }
}

/// What a cell of the library reads with: whole sequences at once, where a step would do one after the other.
fn reader_of(layer: &dyn Layer) -> Option<Reader<'_>> {
    let any = layer.as_any()?;
    let lstm = || Some(any.downcast_ref::<LSTMCell>()?.reader());
    let gru = || Some(any.downcast_ref::<GRUCell>()?.reader());
    let simple = || Some(any.downcast_ref::<SimpleRNNCell>()?.reader());
    lstm().or_else(gru).or_else(simple)
}

#[cfg(test)]
mod tests;
