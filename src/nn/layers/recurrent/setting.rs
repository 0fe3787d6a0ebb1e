//! Settings that only recurrent layers have.
use crate::base::error::Result;
use crate::base::json::{Setting, Value, expected};
use crate::nn::layer::Carried;

/// Whether Keras uses cuDNN: true, false, or `"auto"`. There is nothing to choose here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cudnn {
    /// If it can.
    Auto,
    /// Always or never.
    Fixed(bool),
}

impl Setting for Cudnn {
    fn read(value: &Value) -> Result<Self> {
        match (value.as_str(), value.as_bool()) {
            (Some("auto"), _) => Ok(Cudnn::Auto),
            (_, Some(fixed)) => Ok(Cudnn::Fixed(fixed)),
            _ => expected("true, false or `auto`", value),
        }
    }
}

impl From<Cudnn> for Value {
    fn from(cudnn: Cudnn) -> Value {
        match cudnn {
            Cudnn::Auto => "auto".into(),
            Cudnn::Fixed(fixed) => fixed.into(),
        }
    }
}

/// Whether a batch goes on with the state of the batch before: true or false, and where the state is kept.
#[derive(Clone, Debug, Default)]
pub struct Stateful(Option<Carried>);

impl Stateful {
    pub(super) fn carried(&self) -> Option<&Carried> {
        self.0.as_ref()
    }
}

impl From<bool> for Stateful {
    fn from(stateful: bool) -> Self {
        Stateful(stateful.then(Carried::default))
    }
}

impl Setting for Stateful {
    fn read(value: &Value) -> Result<Self> {
        bool::read(value).map(Self::from)
    }
}

impl From<Stateful> for Value {
    fn from(stateful: Stateful) -> Value {
        stateful.0.is_some().into()
    }
}
