//! Regularizers, constraints and initializers that are functions of the user's, in the place of those that a layer's
//! configuration names. The configuration keeps what they are called, so that a saved model can be read again by
//! whoever knows the functions.
use crate::base::error::Result;
use crate::base::json::Value;
use crate::base::rng::Rng;
use crate::tensor::Tensor;
use alloc::{rc::Rc, string::String};

/// Whether this build has parts of the user's: a module that trains whole models in a worker is never given any.
pub(crate) const ARE_HERE: bool = cfg!(any(feature = "eager", not(feature = "wasm")));

/// Of a regularizer: from values to what they add to the loss. Of a constraint: from values to the values that obey it.
pub type OfTensor = Rc<dyn Fn(&Tensor) -> Result<Tensor>>;
/// The values that a weight of this shape starts as.
pub type OfShape = Rc<dyn Fn(&[usize], &mut Rng) -> Result<Tensor>>;

/// What a part does.
#[derive(Clone)]
pub enum Action {
    /// What a weight adds to the loss.
    Regularize(OfTensor),
    /// What a weight is held to after each step.
    Constrain(OfTensor),
    /// What a weight starts as.
    Start(OfShape),
    /// What each output adds to the loss.
    RegularizeOutput(OfTensor),
}

/// A regularizer, constraint or initializer of a layer that is a function of the user's.
#[derive(Clone)]
pub struct OwnPart {
    /// The key in the layer's configuration: `kernel_regularizer`.
    pub key: String,
    /// What the configuration has under that key; null where it has nothing.
    pub written: Value,
    /// The function.
    pub action: Action,
}

impl OwnPart {
    /// Whether the part is about the weight of this name, which may be a path: `kernel_regularizer` is about `kernel`,
    /// `recurrent_constraint` about `lstm_cell/recurrent_kernel`.
    pub(crate) fn is_about(&self, weight: &str) -> bool {
        let Some((stem, _)) = self.key.rsplit_once('_') else {
            return false;
        };
        let (_, last) = weight.rsplit_once('/').unwrap_or(("", weight));
        last == stem || last.strip_suffix("_kernel") == Some(stem)
    }
}
