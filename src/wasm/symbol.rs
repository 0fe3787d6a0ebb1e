//! Symbols: models that are graphs of calls, and models inside models. `without_functional.rs` has the same names.
use super::layer::CoreLayer;
use super::network::Network;
use super::seed;
use crate::base::error::{Result, bail};
use crate::base::json;
use crate::learn::Trainer;
use crate::nn::{Dims, Member, Model, Symbol};
use alloc::{string::String, vec::Vec};
use js_sys::Array;
use wasm_bindgen::prelude::*;

/// The result of calling a layer on other symbols, or an input.
#[wasm_bindgen]
pub struct CoreSymbol(pub(super) Symbol);

#[wasm_bindgen]
impl CoreSymbol {
    /// An input of a model, called `name`; `dims` is JSON, the lengths of a batch with null where any will do.
    ///
    /// # Errors
    /// An empty name, or dims that are none.
    pub fn input(name: Option<String>, dims: &str) -> Result<CoreSymbol> {
        let dims = Dims::read_batched(&json::parse(dims)?)?;
        let symbol = match name {
            Some(name) => Symbol::named_input(&name, dims)?,
            None => Symbol::input(dims),
        };
        Ok(CoreSymbol(symbol))
    }

    /// The same symbol for someone who takes it away.
    pub fn copy(&self) -> CoreSymbol {
        CoreSymbol(self.0.clone())
    }

    /// A text that only this result of this call has.
    pub fn key(&self) -> String {
        alloc::format!("{:x}/{}", self.0.place(), self.0.output())
    }

    /// The shape of a batch as JSON.
    pub fn dims(&self) -> String {
        alloc::format!("{}", self.0.dims().batched())
    }

    /// The layer that it is a result of.
    pub fn layer(&self) -> CoreLayer {
        CoreLayer(self.0.member().clone())
    }

    /// Which of the call's results it is.
    pub fn output(&self) -> usize {
        self.0.output()
    }

    /// What the call got: empty for an input.
    pub fn inputs(&self) -> Vec<CoreSymbol> {
        self.0.inputs().iter().cloned().map(CoreSymbol).collect()
    }
}

#[wasm_bindgen]
impl CoreLayer {
    /// Calls it on symbols; `options` is JSON, what the call is given besides.
    ///
    /// # Errors
    /// Inputs or options that it cannot take.
    pub fn apply(&self, inputs: Vec<CoreSymbol>, options: &str) -> Result<Vec<CoreSymbol>> {
        let inputs: Vec<Symbol> = inputs.into_iter().map(|symbol| symbol.0).collect();
        let outputs = self.0.apply_with(&inputs, json::parse(options)?)?;
        Ok(outputs.into_iter().map(CoreSymbol).collect())
    }
}

#[wasm_bindgen]
impl Network {
    /// The model between these symbols.
    ///
    /// # Errors
    /// See [`Model::new`].
    #[wasm_bindgen(js_name = fromSymbols)]
    pub fn from_symbols(
        inputs: Vec<CoreSymbol>,
        outputs: Vec<CoreSymbol>,
        from: f64,
    ) -> Result<Network> {
        let symbols = |all: Vec<CoreSymbol>| -> Vec<Symbol> {
            all.into_iter().map(|symbol| symbol.0).collect()
        };
        let model = Model::new(&symbols(inputs), &symbols(outputs))?;
        Ok(Network(Trainer::new(model, seed(from)?), None))
    }

    /// A model from Keras' JSON, whose layers are those given, in the order of its list without inputs.
    ///
    /// # Errors
    /// See [`Model::from_json`].
    #[wasm_bindgen(js_name = fromJson)]
    pub fn from_json(text: &str, layers: Vec<CoreLayer>, from: f64) -> Result<Network> {
        let mut layers = layers.into_iter();
        let model = Model::from_json_with(&json::parse(text)?, &mut |_| match layers.next() {
            Some(layer) => Ok(layer.0),
            None => bail!(State, "model: a layer is missing"),
        })?;
        Ok(Network(Trainer::new(model, seed(from)?), None))
    }

    /// This model as a layer of another.
    ///
    /// # Errors
    /// None that can be reached.
    #[wasm_bindgen(js_name = asLayer)]
    pub fn as_layer(&mut self) -> Result<CoreLayer> {
        let member = match &self.1 {
            Some(member) => member.clone(),
            None => {
                let member = Member::new(self.0.model.clone())?;
                match self.0.model.name() {
                    Some(name) => member.with_name(&name)?,
                    None => member,
                }
            }
        };
        self.1 = Some(member.clone());
        Ok(CoreLayer(member))
    }

    /// The symbols that it goes from and to: `[inputs, outputs]`.
    ///
    /// # Errors
    /// The input shape of a sequential model is not known yet.
    #[wasm_bindgen(unchecked_return_type = "[CoreSymbol[], CoreSymbol[]]")]
    pub fn symbols(&self) -> Result<Array> {
        let (inputs, outputs) = self.0.model.symbols()?;
        let array = |symbols: Vec<Symbol>| -> Array {
            let all = symbols.into_iter();
            all.map(|symbol| JsValue::from(CoreSymbol(symbol)))
                .collect()
        };
        Ok(Array::of2(&array(inputs), &array(outputs)))
    }
}
