//! The one error type. Every message names the op, layer or argument and the shapes or values that
//! did not fit.
use alloc::string::String;
use core::fmt;

/// What can go wrong. The text is meant for the person who made the call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// Shapes that do not go together.
    Shape(String),
    /// A value, config key or name that is not allowed.
    Value(String),
    /// Data that is not what it claims to be (a file, a serialised model).
    Format(String),
    /// A call that makes no sense in this state (training before `compile`, say).
    State(String),
    /// There is not enough memory.
    Memory(String),
}

/// `Result` with the crate's [`Error`].
pub type Result<T> = core::result::Result<T, Error>;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Error::Shape(text)
        | Error::Value(text)
        | Error::Format(text)
        | Error::State(text)
        | Error::Memory(text)) = self;
        f.write_str(text)
    }
}

impl core::error::Error for Error {}

/// Returns early with `Error::$kind(format!(…))`.
macro_rules! bail {
    ($kind:ident, $($text:tt)*) => {
        return Err($crate::base::error::Error::$kind(alloc::format!($($text)*)))
    };
}
pub(crate) use bail;
