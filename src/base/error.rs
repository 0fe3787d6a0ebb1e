//! The one error type. Every message names the op, layer or argument and the shapes or values that
//! did not fit.
use alloc::{boxed::Box, string::String};
use core::fmt;

/// What went wrong: its kind, and a text that is meant for the person who made the call.
///
/// One word wide: nearly every function may fail, and a result that is no larger is what all the calls between the mistake
/// and the person hand on.
#[derive(Clone, PartialEq, Eq)]
pub struct Error(Box<(ErrorKind, String)>);

/// What kind of mistake an [`Error`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// Shapes that do not go together.
    Shape,
    /// A value that is not allowed.
    Value,
    /// A name or a key that is not known.
    Name,
    /// Data that is not what it claims to be (a file, a serialised model).
    Format,
    /// A call that makes no sense in this state (training before `compile`, say).
    State,
    /// There is not enough memory.
    Memory,
}

/// `Result` with the crate's [`Error`].
pub type Result<T> = core::result::Result<T, Error>;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}({:?})", self.kind(), self.text())
    }
}

impl core::error::Error for Error {}

impl Error {
    /// An error whose text is made of `format_args!`.
    #[cold]
    #[inline(never)]
    pub fn new(kind: ErrorKind, text: fmt::Arguments) -> Self {
        Error(Box::new((kind, alloc::fmt::format(text))))
    }

    /// What kind of mistake it is about.
    pub fn kind(&self) -> ErrorKind {
        self.0.0
    }

    /// What is said of it.
    pub fn text(&self) -> &str {
        &self.0.1
    }

    /// The same error, which happened in `place`: `layer dense: …`.
    #[must_use]
    pub fn within(self, place: &str) -> Self {
        Error::new(self.kind(), format_args!("{place}: {self}"))
    }
}

/// Returns early with an error of that kind, whose text is written as for `format!`.
macro_rules! bail {
    ($kind:ident, $($text:tt)*) => {
        return Err($crate::base::error::Error::new(
            $crate::base::error::ErrorKind::$kind,
            core::format_args!($($text)*),
        ))
    };
}
pub(crate) use bail;

/// Says that something was left out of this build, by a cargo feature.
///
/// # Errors
/// Always.
#[cold]
pub(crate) fn left_out<T>(what: &str) -> Result<T> {
    bail!(State, "this module was built without {what}")
}
