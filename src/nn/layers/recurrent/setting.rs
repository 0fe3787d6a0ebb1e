//! A setting that says how Keras computes a recurrent layer.
use crate::base::error::Result;
use crate::base::json::{Setting, Value, expected};

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
