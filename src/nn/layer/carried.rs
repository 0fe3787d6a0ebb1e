//! What a layer keeps from one batch to the next.
use super::Tensors;
use alloc::rc::Rc;
use core::cell::RefCell;
use core::fmt;

/// Whether a layer of this build may be stateful: where none may, nobody looks for one.
pub(crate) const MAY_CARRY: bool = cfg!(feature = "recurrent");

/// The states that a stateful layer ends a batch with, `[batch, …]` each, from which the next batch begins; none where
/// that begins with zeros.
///
/// It stands among a layer's settings and is none of them: a clone, as a copy of the settings has it, begins anew. A
/// layer changes nothing by itself: it [hands](super::Context::carry) new states to the pass, and they are kept when
/// the batch is done.
#[derive(Default)]
pub struct Carried(Rc<RefCell<Tensors>>);

impl Carried {
    /// The states as they are now.
    pub fn states(&self) -> Tensors {
        self.0.borrow().clone()
    }

    /// Keeps these states in the place of the others.
    pub(crate) fn keep(&self, states: Tensors) {
        self.0.replace(states);
    }

    /// The same place, for a pass that will keep something there.
    pub(crate) fn place(&self) -> Carried {
        Carried(self.0.clone())
    }

    /// Whether both are the same place.
    pub(super) fn is(&self, other: &Carried) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Clone for Carried {
    fn clone(&self) -> Self {
        Carried::default()
    }
}

impl fmt::Debug for Carried {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} states", self.0.borrow().len())
    }
}
