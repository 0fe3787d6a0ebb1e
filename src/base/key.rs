//! Numbers that are never given twice.
use core::sync::atomic::{AtomicU32, Ordering::Relaxed};

static NEXT: AtomicU32 = AtomicU32::new(1);

/// A number that nothing else has. Whatever training changes (a weight of a layer, a variable of JavaScript's) has
/// one, and an optimizer keeps what it remembers of it under this number. Numbers start at 1.
pub fn unique_key() -> u32 {
    NEXT.fetch_add(1, Relaxed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_is_given_twice() {
        let first = unique_key();
        assert!(first > 0);
        assert_ne!(first, unique_key());
    }
}
