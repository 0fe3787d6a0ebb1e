//! Training and evaluation in slices of time.
use super::data::Samples;
use super::network::{Network, check_room, numbers};
use super::{now, whole};
use crate::Result;
use crate::base::json::{self, Settings, Value};
use crate::data::augment::Augment;
use crate::learn::loss::Targets;
use crate::learn::metrics::Confusion;
use crate::learn::{self, Data, Event, FitOptions, Position};
use crate::parallel::alone_if;
use alloc::{vec, vec::Vec};
use core::mem::replace;
use js_sys::{Array, Float32Array, Uint32Array};
use wasm_bindgen::prelude::*;

/// Training under way.
#[wasm_bindgen]
pub struct Fit(learn::Fit);

#[wasm_bindgen]
impl Fit {
    /// Training at its first batch. `options` is JSON.
    ///
    /// # Errors
    /// See [`learn::Fit::new`]; nothing has changed then.
    #[wasm_bindgen(constructor)]
    pub fn new(network: &mut Network, samples: &Samples, options: &str) -> Result<Fit> {
        Self::begin(network, samples, None, options)
    }

    /// The same with data of their own for validation.
    ///
    /// # Errors
    /// As for the constructor.
    #[wasm_bindgen(js_name = validated)]
    pub fn validated(
        network: &mut Network,
        samples: &Samples,
        validation: &Samples,
        options: &str,
    ) -> Result<Fit> {
        let validation = validation.data(network)?;
        Self::begin(network, samples, Some(validation), options)
    }

    fn begin(
        network: &mut Network,
        samples: &Samples,
        validation: Option<Data>,
        options: &str,
    ) -> Result<Fit> {
        let options = json::parse(options)?;
        let keys = [
            "epochs",
            "batchSize",
            "shuffle",
            "validationSplit",
            "augment",
            "finalRate",
            "stepsPerEpoch",
            "validationSteps",
        ];
        let options = Settings::new("fit", &options, &keys)?;
        let augment: Option<Value> = options.optional("augment")?;
        let options = FitOptions {
            epochs: options.required("epochs")?,
            batch_size: options.required("batchSize")?,
            shuffle: options.required("shuffle")?,
            validation_split: options.required("validationSplit")?,
            validation,
            augment: augment.as_ref().map(Augment::from_json).transpose()?,
            final_rate: options.or("finalRate", 1.0)?,
            steps_per_epoch: options.optional("stepsPerEpoch")?,
            validation_steps: options.optional("validationSteps")?,
        };
        let (batch_size, data) = (options.batch_size, samples.data(network)?);
        let fit = learn::Fit::new(&mut network.0, data, options)?;
        check_room(&network.0, batch_size, fit.samples())?;
        Ok(Fit(fit))
    }

    /// Lets batches have so many samples from the next one on.
    ///
    /// # Errors
    /// See [`learn::Fit::set_batch_size`]; or too little memory for such batches.
    #[wasm_bindgen(js_name = setBatchSize)]
    pub fn set_batch_size(&mut self, network: &Network, batch_size: f64) -> Result<()> {
        let batch_size = whole("batchSize", batch_size, 1)?;
        check_room(&network.0, batch_size, self.0.samples())?;
        self.0.set_batch_size(&network.0, batch_size)
    }

    /// The batch that is trained on next: the numbers of its samples, and the values of their first input as training
    /// will see them. Nothing after the last one.
    ///
    /// # Errors
    /// See [`learn::Fit::next_batch`].
    #[wasm_bindgen(js_name = nextBatch)]
    pub fn next_batch(&self) -> Result<Array> {
        let all = Array::new();
        if let Some((indices, x)) = self.0.next_batch()? {
            all.push(&Uint32Array::from(&indices[..]));
            if let Some(x) = x.first() {
                all.push(&Float32Array::from(x.data()));
            }
        }
        Ok(all)
    }

    /// Batches in the epoch under way.
    #[wasm_bindgen(getter)]
    pub fn batches(&self) -> usize {
        self.0.batches()
    }

    /// Samples in an epoch.
    #[wasm_bindgen(getter)]
    pub fn samples(&self) -> usize {
        self.0.samples()
    }

    /// Loss and metrics so far in this epoch.
    pub fn running(&self) -> Vec<f64> {
        numbers(&self.0.running())
    }

    /// Where it is; see [`learn::Position`].
    pub fn position(&self) -> Vec<f64> {
        self.0.position().numbers()
    }

    /// Goes on where another run was.
    ///
    /// # Errors
    /// See [`learn::Fit::go_on`].
    #[wasm_bindgen(js_name = goOn)]
    pub fn go_on(&mut self, network: &mut Network, position: &[f64]) -> Result<()> {
        let position = Position::from_numbers(position)?;
        self.0.go_on(&mut network.0, &position)
    }

    /// Trains for `milliseconds` or `most` batches, whichever ends first, but at least one batch, and never past the end
    /// of an epoch. Gives what happened as rows of equal length in one array, since an object for each batch
    /// would cost more than small batches do: the rows' length, then for each `[kind, epoch, batch, size, loss, metrics…]`
    /// with the kinds 0 a batch, 1 an epoch's end, 2 its validation, 3 all done.
    ///
    /// # Errors
    /// See [`learn::Fit::step`].
    pub fn run(&mut self, network: &mut Network, milliseconds: f64, most: f64) -> Result<Vec<f64>> {
        let most = whole("batches", most, 1)?;
        let begun = now();
        let columns = 5 + self.0.columns();
        let mut told = vec![columns as f64];
        let mut row = |kind: u8, [epoch, batch, size]: [usize; 3], logs: &learn::Logs| {
            told.extend([f64::from(kind), epoch as f64, batch as f64, size as f64]);
            told.extend(numbers(logs));
            told.resize((told.len() - 1).next_multiple_of(columns) + 1, 0.0);
        };
        let mut batches = 0;
        let mut time = begun;
        loop {
            let pace = &network.0.pace;
            let alone = if self.0.trains_next() {
                pace.alone()
            } else {
                pace.settled_alone()
            };
            let event = alone_if(alone, || self.0.step(&mut network.0))?;
            let before = replace(&mut time, now());
            match event {
                Event::Batch {
                    epoch,
                    batch,
                    size,
                    logs,
                } => {
                    row(0, [epoch, batch, size], &logs);
                    network.0.pace.took(time - before);
                    batches += 1;
                }
                Event::Validating => {}
                Event::Epoch {
                    epoch,
                    logs,
                    validation,
                } => {
                    row(1, [epoch, 0, 0], &logs);
                    if let Some(logs) = validation {
                        row(2, [epoch, 0, 0], &logs);
                    }
                    break;
                }
                Event::Done => {
                    row(3, [0; 3], &learn::Logs::default());
                    break;
                }
            }
            if batches >= most || time - begun >= milliseconds {
                break;
            }
        }
        Ok(told)
    }
}

/// An evaluation under way.
#[wasm_bindgen]
pub struct Evaluation {
    evaluation: learn::Evaluation,
    data: Data,
}

#[wasm_bindgen]
impl Evaluation {
    /// An evaluation at its first batch.
    ///
    /// # Errors
    /// See [`learn::Evaluation::new`].
    #[wasm_bindgen(constructor)]
    pub fn new(network: &mut Network, samples: &Samples, batch_size: f64) -> Result<Evaluation> {
        let data = samples.data(network)?;
        let batch_size = whole("batch_size", batch_size, 1)?;
        check_room(&network.0, batch_size, data.len())?;
        let evaluation = learn::Evaluation::new(&mut network.0, &data, batch_size)?;
        Ok(Evaluation { evaluation, data })
    }

    /// Evaluates for `milliseconds` or `most` batches, whichever ends first, but at least one batch; `true` once all are
    /// done.
    ///
    /// # Errors
    /// See [`learn::Evaluation::step`].
    pub fn run(&mut self, network: &Network, milliseconds: f64, most: f64) -> Result<bool> {
        let end = now() + milliseconds;
        let most = whole("batches", most, 1)?;
        for batch in 1.. {
            let done = alone_if(network.0.pace.settled_alone(), || {
                self.evaluation.step(&network.0, &self.data)
            })?;
            if done || now() >= end || batch >= most {
                return Ok(done);
            }
        }
        Ok(true)
    }

    /// Loss and metrics over the samples done.
    pub fn logs(&self) -> Vec<f64> {
        numbers(&self.evaluation.logs())
    }

    /// The class guessed for each sample done.
    pub fn guesses(&self) -> Vec<u32> {
        self.evaluation.guesses().to_vec()
    }

    /// How often each class (row) is taken for each (column); empty unless labels are class numbers.
    pub fn confusion(&self, classes: usize) -> Vec<u32> {
        let Some(Targets::Classes { labels: truths, .. }) =
            self.data.targets.first().map(|targets| &**targets)
        else {
            return vec![];
        };
        let mut confusion = Confusion::new(classes.min(1000));
        for (&truth, &guess) in truths.iter().zip(self.evaluation.guesses()) {
            confusion.count(truth as usize, guess as usize);
        }
        confusion.counts().to_vec()
    }
}
