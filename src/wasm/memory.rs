//! How much memory is in use.
use wasm_bindgen::prelude::*;

/// Bytes of tensors that are alive.
#[wasm_bindgen(js_name = liveBytes)]
pub fn live_bytes() -> f64 {
    crate::tensor::live_bytes() as f64
}

/// Bytes of WebAssembly memory. It never shrinks.
#[wasm_bindgen(js_name = memoryBytes)]
pub fn memory_bytes() -> f64 {
    core::arch::wasm32::memory_size(0) as f64 * 65536.0
}

/// Whether `bytes` more can be had in one piece at this moment; asked before something large is handed over, because
/// running out of memory ends the instance.
#[wasm_bindgen(js_name = canReserve)]
pub fn can_reserve(bytes: f64) -> bool {
    crate::memory::ask("reserve", bytes as u64).is_ok()
}

/// Refuses from now on what takes more than `bytes` at once.
#[wasm_bindgen(js_name = giveAtMost)]
pub fn give_at_most(bytes: f64) {
    crate::memory::give_at_most(bytes as usize);
}
