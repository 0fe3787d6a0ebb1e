//! The crew of threads; its workers are started by JavaScript, in the same module and memory.
use crate::parallel;
use wasm_bindgen::prelude::*;

/// Lets `count` threads work together, of those that have called `crewJoin`; returns how many do.
#[wasm_bindgen(js_name = crewThreads)]
pub fn crew_threads(count: usize) -> usize {
    parallel::set_threads(count)
}

/// Makes the calling worker one of the crew; returns its number.
#[wasm_bindgen(js_name = crewJoin)]
pub fn crew_join() -> usize {
    parallel::join()
}

/// What worker `number` does; never returns.
#[wasm_bindgen(js_name = crewWork)]
pub fn crew_work(number: usize) {
    parallel::work(number)
}

/// Says that the calling worker has trapped in the middle of its work.
#[wasm_bindgen(js_name = crewGiveUp)]
pub fn crew_give_up() {
    parallel::give_up();
}

/// Whether a worker has died in the middle of its work.
#[wasm_bindgen(js_name = crewHasGivenUp)]
pub fn crew_has_given_up() -> bool {
    parallel::has_given_up()
}
