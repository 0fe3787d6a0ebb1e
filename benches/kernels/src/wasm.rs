//! The exports that `benches/kernels/measure.mjs` calls: cases by number.
use crate::{Case, all};
use std::cell::RefCell;

unsafe extern "C" {
    /// The host's clock, in milliseconds.
    safe fn now() -> f64;
}

thread_local! {
    static CASES: RefCell<Vec<Case>> = RefCell::new(all());
}

fn with<T>(index: usize, body: impl FnOnce(&mut Case) -> T) -> T {
    CASES.with_borrow_mut(|cases| body(&mut cases[index]))
}

#[unsafe(no_mangle)]
extern "C" fn count() -> usize {
    CASES.with_borrow(Vec::len)
}

#[unsafe(no_mangle)]
extern "C" fn name(index: usize) -> *const u8 {
    with(index, |case| case.name.as_ptr())
}

#[unsafe(no_mangle)]
extern "C" fn name_len(index: usize) -> usize {
    with(index, |case| case.name.len())
}

#[unsafe(no_mangle)]
extern "C" fn flops(index: usize) -> f64 {
    with(index, |case| case.flops)
}

#[unsafe(no_mangle)]
extern "C" fn seconds(index: usize) -> f64 {
    with(index, |case| case.seconds(|| now() / 1000.0))
}
