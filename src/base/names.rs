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

/// `MaxPooling2D` as `max_pooling2d`.
pub(crate) fn snake(class_name: &str) -> String {
    let mut snake = String::new();
    let mut previous_lower = false;
    for c in class_name.chars() {
        if c.is_ascii_uppercase() && previous_lower {
            snake.push('_');
        }
        previous_lower = c.is_ascii_lowercase();
        snake.push(c.to_ascii_lowercase());
    }
    snake
}
