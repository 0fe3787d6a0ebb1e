//! Layers around other layers.
pub(super) mod bidirectional;
pub(super) mod time_distributed;

use crate::base::error::Result;
use crate::base::names::snake;
use crate::nn::Member;
use alloc::{rc::Rc, vec::Vec};
use core::cell::OnceCell;

/// The layers inside a wrapper with their names and weights. They are made once, when the wrapper's settings are
/// checked; before that there are none.
#[derive(Clone, Default)]
pub struct Inside(Rc<OnceCell<Vec<Member>>>);

impl Inside {
    /// Layers that have been made.
    pub(super) fn of(members: Vec<Member>) -> Self {
        Inside(Rc::new(members.into()))
    }

    /// The layers, made by `make` if they have not been.
    pub(super) fn get_or(&self, make: impl FnOnce() -> Result<Vec<Member>>) -> Result<&[Member]> {
        if let Some(members) = self.0.get() {
            return Ok(members);
        }
        let members = make()?;
        Ok(self.0.get_or_init(|| members))
    }

    pub(super) fn all(&self) -> &[Member] {
        self.0.get().map_or(&[], |members| members)
    }
}

/// The name of a layer inside a wrapper: its own, or that of its class.
pub(super) fn name_inside(member: &Member) -> alloc::string::String {
    member.name().unwrap_or_else(|| snake(member.class_name()))
}
