//! JSON as a value: what configurations, saved models and the heads of weight files are written in.
//!
//! Small on purpose: one type for all values, so the compiler makes no code for each structure that is read.
//! Numbers are `f64`, and are written with as many digits as an `f32` needs, since this crate computes with `f32`.
use alloc::{string::String, string::ToString, vec::Vec};
use core::fmt::{self, Write};
use core::ops::Index;

mod brief;
mod number;
mod parse;
mod settings;

pub use brief::brief;
pub use number::Decimal;
pub use parse::parse;
pub(crate) use settings::settings;
pub(crate) use settings::written;
pub use settings::{Field, Setting, Settings, Table, expected, unknown_key};

/// Fields in the order in which they were written.
pub type Fields = Vec<(String, Value)>;

/// A JSON value.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// `null`; also what is missing.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// Any number.
    Number(f64),
    /// A text.
    String(String),
    /// A list.
    Array(Vec<Value>),
    /// Fields by name.
    Object(Fields),
}

impl Value {
    /// `true` or `false`, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The number, if it is one.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Value::Number(value) => Some(*value),
            _ => None,
        }
    }

    /// The number, if it is a whole one from 0 to 2⁵³.
    pub fn as_u64(&self) -> Option<u64> {
        let value = self.as_f64()? as u64;
        (value as f64 == self.as_f64()? && value <= 1 << 53).then_some(value)
    }

    /// The text, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::String(value) => Some(value),
            _ => None,
        }
    }

    /// The list, if it is one.
    pub fn as_array(&self) -> Option<&[Value]> {
        match self {
            Value::Array(values) => Some(values),
            _ => None,
        }
    }

    /// The fields, if it is an object.
    pub fn as_object(&self) -> Option<&[(String, Value)]> {
        match self {
            Value::Object(fields) => Some(fields),
            _ => None,
        }
    }

    /// The field `key` of an object; of several, which only a program can make, the last.
    pub fn get(&self, key: &str) -> Option<&Value> {
        let (_, value) = self.as_object()?.iter().rfind(|(name, _)| name == key)?;
        Some(value)
    }
}

/// The field of that name; `null` where there is none.
impl Index<&str> for Value {
    type Output = Value;

    fn index(&self, key: &str) -> &Value {
        self.get(key).unwrap_or(&Value::Null)
    }
}

/// The list's item at that place; `null` where there is none.
impl Index<usize> for Value {
    type Output = Value;

    fn index(&self, place: usize) -> &Value {
        let item = self.as_array().and_then(|values| values.get(place));
        item.unwrap_or(&Value::Null)
    }
}

/// JSON text without spaces.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Null => f.write_str("null"),
            Value::Bool(value) => f.write_str(if *value { "true" } else { "false" }),
            Value::Number(value) => Decimal(*value).fmt(f),
            Value::String(text) => quoted(text, f),
            Value::Array(values) => {
                for (place, value) in values.iter().enumerate() {
                    f.write_char(if place == 0 { '[' } else { ',' })?;
                    value.fmt(f)?;
                }
                f.write_str(if values.is_empty() { "[]" } else { "]" })
            }
            Value::Object(fields) => {
                for (place, (name, value)) in fields.iter().enumerate() {
                    f.write_char(if place == 0 { '{' } else { ',' })?;
                    quoted(name, f)?;
                    f.write_char(':')?;
                    value.fmt(f)?;
                }
                f.write_str(if fields.is_empty() { "{}" } else { "}" })
            }
        }
    }
}

fn quoted(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_char('"')?;
    for c in text.chars() {
        match c {
            '"' | '\\' => write!(f, "\\{c}")?,
            '\n' => f.write_str("\\n")?,
            '\0'..' ' => write!(f, "\\u{:04x}", u32::from(c))?,
            _ => f.write_char(c)?,
        }
    }
    f.write_char('"')
}

macro_rules! numbers {
    ($($type:ty)*) => {$(
        impl From<$type> for Value {
            fn from(number: $type) -> Self {
                Value::Number(number as f64)
            }
        }
    )*};
}

numbers![i32 u32 isize usize f32 f64];

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Value::Bool(value)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::String(text.to_string())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::String(text)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Into::into)
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(values: Vec<T>) -> Self {
        Value::Array(values.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<Value>, const N: usize> From<[T; N]> for Value {
    fn from(values: [T; N]) -> Self {
        Value::Array(values.into_iter().map(Into::into).collect())
    }
}

/// A [`Value`] written as JSON; any expression that a value can be made from may stand in it.
#[macro_export]
macro_rules! json {
    ({ $($fields:tt)* }) => { $crate::json!(@fields [] $($fields)*) };
    (@fields [$($done:tt)*]) => {
        $crate::base::json::Value::Object($crate::base::json::Fields::from([$($done)*]))
    };
    (@fields [$($done:tt)*] $key:tt: { $($inner:tt)* } $(, $($rest:tt)*)?) => {
        $crate::json!(@fields [$($done)* ($key.into(), $crate::json!({ $($inner)* })),] $($($rest)*)?)
    };
    (@fields [$($done:tt)*] $key:tt: $value:expr $(, $($rest:tt)*)?) => {
        $crate::json!(@fields [$($done)* ($key.into(), $crate::base::json::Value::from($value)),] $($($rest)*)?)
    };
    ($value:expr) => { $crate::base::json::Value::from($value) };
}
pub use json;

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
