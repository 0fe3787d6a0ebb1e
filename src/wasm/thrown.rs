//! Errors as JavaScript throws them.
use crate::base::error::{Error, ErrorKind};
use js_sys::Reflect;
use wasm_bindgen::prelude::*;

impl From<Error> for JsValue {
    fn from(error: Error) -> Self {
        let code = match error.kind() {
            ErrorKind::Shape => "shape",
            ErrorKind::Value => "value",
            ErrorKind::Name => "name",
            ErrorKind::Format => "format",
            ErrorKind::State => "state",
            ErrorKind::Memory => "memory",
        };
        let value = js_sys::Error::new(error.text());
        // A new object takes a property.
        let _ = Reflect::set(&value, &"code".into(), &code.into());
        value.into()
    }
}
