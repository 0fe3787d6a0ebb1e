//! The page's module comes in two parts (scripts/divide.mjs): what training begins with, and the rest.
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// Puts the rest beside the first part. Written by the build into the module's own JavaScript.
    #[wasm_bindgen(js_name = addRest)]
    fn add_rest();
}

/// Brings the rest of the module now, if it is not there. Calls of the rest do so by themselves.
#[wasm_bindgen(js_name = completeModule)]
pub fn complete_module() {
    add_rest();
}
