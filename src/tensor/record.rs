//! What a tensor remembers of how it was made: its op and the op's inputs.
use super::Tensor;
use super::backward::Backward;
use super::gradient::Gradient;
use crate::base::error::Result;
use smallbox::{SmallBox, space::S16};
use smallvec::SmallVec;

/// One thing for each input of an op, held inline where there are few.
pub type Inputs<T> = SmallVec<[T; 4]>;

/// An operation in the graph: a struct that holds what its derivative needs beyond inputs and output.
pub trait Op {
    /// The name in error messages.
    fn name(&self) -> &'static str;

    /// Whether `backward` itself asks for the memory of the gradients that it makes; else that of the largest is asked
    /// for before.
    fn asks(&self) -> bool {
        false
    }

    /// The gradient for each input, in order; `None` where none flows. It is computed with ops, so that it can
    /// be differentiated in turn. A tensor becomes a [`Gradient`] by `into`.
    ///
    /// # Errors
    /// Those of the ops that compute the gradients. With a `dy` of the right shape only memory can be short.
    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>>;
}

/// The op that made a tensor, and its inputs.
pub(crate) struct Record {
    /// Held inline unless the op remembers much.
    pub(super) op: SmallBox<dyn Op, S16>,
    pub(crate) inputs: Inputs<Tensor>,
    /// One more than the depth of the deepest input; a leaf's depth is 0.
    pub(super) depth: u32,
}

impl Record {
    pub(super) fn new(op: SmallBox<dyn Op, S16>, inputs: &[&Tensor]) -> Self {
        let mut record = Record {
            op,
            inputs: Inputs::new(),
            depth: 1,
        };
        for &input in inputs {
            record.depth = record.depth.max(1 + input.depth());
            record.inputs.push(input.clone());
        }
        record
    }
}
