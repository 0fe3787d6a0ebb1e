//! What a module without the feature `functional` exports in place of symbols: the same names, which say that they are not
//! there.
use super::layer::CoreLayer;
use super::network::Network;
use crate::base::error::{Result, left_out};
use wasm_bindgen::prelude::*;

const GRAPHS: &str = "models that are not a row of layers";

/// Would be the result of calling a layer on other symbols, or an input.
#[wasm_bindgen]
pub struct CoreSymbol {}

#[wasm_bindgen]
impl CoreSymbol {
    /// Would be an input of a model.
    ///
    /// # Errors
    /// Always.
    pub fn input() -> Result<CoreSymbol> {
        left_out(GRAPHS)
    }
}

#[wasm_bindgen]
impl CoreLayer {
    /// Would call it on symbols.
    ///
    /// # Errors
    /// Always.
    pub fn apply(&self) -> Result<()> {
        left_out(GRAPHS)
    }
}

#[wasm_bindgen]
impl Network {
    /// Would be the model between symbols.
    ///
    /// # Errors
    /// Always.
    #[wasm_bindgen(js_name = fromSymbols)]
    pub fn from_symbols() -> Result<Network> {
        left_out(GRAPHS)
    }

    /// Would be a model from Keras' JSON: JavaScript adds the layers of a row one by one.
    ///
    /// # Errors
    /// Always.
    #[wasm_bindgen(js_name = fromJson)]
    pub fn from_json() -> Result<Network> {
        left_out("configurations of models that are not a row of layers")
    }

    /// Would be this model as a layer of another.
    ///
    /// # Errors
    /// Always.
    #[wasm_bindgen(js_name = asLayer)]
    pub fn as_layer(&self) -> Result<CoreLayer> {
        left_out("models inside models")
    }

    /// Would be the symbols that it goes from and to.
    ///
    /// # Errors
    /// Always.
    pub fn symbols(&self) -> Result<()> {
        left_out(GRAPHS)
    }
}
