//! Names in the spellings that people use.
use alloc::string::String;

/// `name` without underscores and case: `categorical_crossentropy`, `categoricalCrossentropy` and
/// `CategoricalCrossentropy` are the same name.
pub(crate) fn plain(name: &str) -> String {
    name.chars()
        .filter(|&c| c != '_')
        .map(|c| c.to_ascii_lowercase())
        .collect()
}
