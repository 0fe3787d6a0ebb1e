//! Training and evaluation on batches that JavaScript hands over one by one.
use super::data::Samples;
use super::network::{Network, check_room, numbers};
use super::now;
use crate::Result;
use crate::learn::{self, Data};
use crate::parallel::alone_if;
use alloc::vec::Vec;
use wasm_bindgen::prelude::*;

/// Batches that come one by one.
#[wasm_bindgen]
pub struct Stream(learn::Stream);

#[wasm_bindgen]
impl Stream {
    /// Batches to train on, or to look at.
    ///
    /// # Errors
    /// A model that is not compiled.
    #[wasm_bindgen(constructor)]
    pub fn new(network: &mut Network, trains: bool) -> Result<Stream> {
        Ok(Stream(if trains {
            learn::Stream::training(&mut network.0)?
        } else {
            network.0.optimizer()?;
            learn::Stream::default()
        }))
    }

    /// One step on one batch: its loss and metrics, with the weights before it.
    ///
    /// # Errors
    /// See [`learn::Stream::train`].
    pub fn train(&mut self, network: &mut Network, batch: &Samples) -> Result<Vec<f64>> {
        let data = read(network, batch)?;
        let begun = now();
        let alone = network.0.pace.alone();
        let logs = alone_if(alone, || self.0.train(&mut network.0, &data))?;
        network.0.pace.took(now() - begun);
        Ok(numbers(&logs))
    }

    /// Looks at one batch as in inference.
    ///
    /// # Errors
    /// See [`learn::Stream::test`].
    pub fn test(&mut self, network: &mut Network, batch: &Samples) -> Result<()> {
        let data = read(network, batch)?;
        let alone = network.0.pace.settled_alone();
        alone_if(alone, || self.0.test(&mut network.0, &data))
    }

    /// The loss and metrics over all batches since the last `reset`.
    pub fn running(&self) -> Vec<f64> {
        numbers(&self.0.logs())
    }

    /// What was added up over them.
    ///
    /// # Errors
    /// See [`learn::Stream::sums`].
    pub fn sums(&self, network: &Network) -> Result<Vec<f64>> {
        self.0.sums(&network.0)
    }

    /// Goes on where another training of the model was.
    ///
    /// # Errors
    /// See [`learn::Stream::go_on`].
    #[wasm_bindgen(js_name = goOn)]
    pub fn go_on(&mut self, network: &mut Network, sums: &[f64]) -> Result<()> {
        self.0.go_on(&mut network.0, sums)
    }

    /// Forgets the batches so far.
    pub fn reset(&mut self) {
        self.0.reset();
    }
}

fn read(network: &mut Network, batch: &Samples) -> Result<Data> {
    let data = batch.data(network)?;
    check_room(&network.0, data.len(), data.len())?;
    Ok(data)
}
