//! The pool of threads; its workers are started by JavaScript, in the same module and memory.
use crate::parallel;
use wasm_bindgen::prelude::*;

/// Lets `count` threads work together, of those that have called `poolJoin`; returns how many do.
#[wasm_bindgen(js_name = poolThreads)]
pub fn pool_threads(count: usize) -> usize {
    parallel::set_threads(count)
}

/// Makes the calling worker one of the pool; returns its number.
#[wasm_bindgen(js_name = poolJoin)]
pub fn pool_join() -> usize {
    parallel::join()
}

/// What worker `number` does; never returns.
#[wasm_bindgen(js_name = poolWork)]
pub fn pool_work(number: usize) {
    parallel::work(number)
}

/// Says that the calling worker has trapped in the middle of its work.
#[wasm_bindgen(js_name = poolGiveUp)]
pub fn pool_give_up() {
    parallel::give_up();
}

/// Whether a worker has died in the middle of its work.
#[wasm_bindgen(js_name = poolHasGivenUp)]
pub fn pool_has_given_up() -> bool {
    parallel::has_given_up()
}
