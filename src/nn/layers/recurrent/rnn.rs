//! A layer that calls a cell at each step of a sequence.
use super::how::{How, step_by_step};
use super::reader::Reader;
use super::reader_of;
use super::setting::Stateful;
use super::stacked::{check_cell, flattened, step_dims};
use crate::base::error::{Result, bail};
use crate::base::json::{Settings, Value, json};
use crate::base::rng::Rng;
use crate::nn::layer::{Carried, Masks, Tensors};
use crate::nn::layers::wrappers::{Inside, name_inside};
use crate::nn::{Context, Dims, Layer, Member};
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::{rc::Rc, vec, vec::Vec};
use core::any::Any;

/// Reads sequences with a cell, one of the library's or any other layer that is one: `[time, …] → […]`, or `[time, …]`
/// with `return_sequences`. Inputs after the first are the state to begin with; steps whose mask is 0 are passed over.
///
/// Cells of a stack read the whole sequence one after the other, and those of the library do so at once, as the layers
/// [`LSTM`](super::LSTM), [`GRU`](super::GRU) and [`SimpleRNN`](super::SimpleRNN) do.
#[derive(Clone)]
pub struct RNN {
    /// The cell.
    pub cell: Rc<dyn Layer>,
    /// The output of every step, not just the last.
    pub return_sequences: bool,
    /// The last state as further outputs.
    pub return_state: bool,
    /// From the last step to the first; outputs are in the order of reading.
    pub go_backwards: bool,
    /// Whether a batch goes on with the state of the batch before.
    pub stateful: Stateful,
    /// A setting of Keras' that changes how it computes, but never the result; kept for the configuration.
    pub unroll: bool,
    /// Whether the outputs of steps whose mask is 0 are 0, and not those of the step before.
    pub zero_output_for_mask: bool,
    /// The cell with its name and weights.
    pub inside: Inside,
}

impl RNN {
    /// The layer that reads with this cell and gives the last output.
    pub fn new(cell: impl Layer + 'static) -> Self {
        Self::with(Rc::new(cell), Inside::default())
    }

    fn with(cell: Rc<dyn Layer>, inside: Inside) -> Self {
        RNN {
            cell,
            return_sequences: false,
            return_state: false,
            go_backwards: false,
            stateful: Stateful::default(),
            unroll: false,
            zero_output_for_mask: false,
            inside,
        }
    }

    /// From a configuration, `{ "cell": { "class_name", "config" }, "return_sequences", … }`.
    ///
    /// # Errors
    /// An unknown or missing key, a layer that is no cell, or those of the cell.
    pub fn from_json(config: &Value) -> Result<Self> {
        let Some(cell) = config.get("cell") else {
            bail!(Value, "RNN: `cell` is missing");
        };
        Self::of(&Member::from_json(cell)?, config)
    }

    /// The same around a cell that has a name, or that others hold too, in the place of the configuration's.
    ///
    /// # Errors
    /// As for [`from_json`](RNN::from_json).
    pub fn of(cell: &Member, config: &Value) -> Result<Self> {
        let mut made = Self::with(cell.shared_layer(), Inside::of(vec![cell.clone()]));
        let keys = &[
            "cell",
            "return_sequences",
            "return_state",
            "go_backwards",
            "stateful",
            "unroll",
            "zero_output_for_mask",
        ];
        if *config != Value::Null {
            Settings::new("RNN", config, keys)?.fill(&mut [
                ("return_sequences", &mut made.return_sequences),
                ("return_state", &mut made.return_state),
                ("go_backwards", &mut made.go_backwards),
                ("stateful", &mut made.stateful),
                ("unroll", &mut made.unroll),
                ("zero_output_for_mask", &mut made.zero_output_for_mask),
            ])?;
        }
        made.check()?;
        Ok(made)
    }

    fn member(&self) -> Result<&Member> {
        let all = self
            .inside
            .get_or(|| Ok(vec![Member::of(self.cell.clone())?]))?;
        if all[0].name().is_none() {
            all[0].give_name(&name_inside(&all[0]));
        }
        Ok(&all[0])
    }

    fn how(&self) -> How<'_> {
        How {
            sequences: self.return_sequences,
            states: self.return_state,
            backwards: self.go_backwards,
            zero_masked: self.zero_output_for_mask,
            activity_regularizer: None,
            carried: self.stateful.carried(),
        }
    }

    /// What the cell is called with at a step of sequences of these shapes: `[x, states…]`.
    fn step_dims(&self, inputs: &[Dims]) -> Result<Vec<Dims>> {
        let Some((time, step)) = inputs.first().and_then(|x| x.split_first()) else {
            bail!(
                Shape,
                "RNN: each sample must be [time, …], but has the shape {:?}",
                inputs.get(..1).unwrap_or_default()
            );
        };
        if *time == Some(0) {
            bail!(Shape, "RNN: each sample must have at least one step");
        }
        let dims = step_dims(self.member()?, &Dims::new(step.iter().copied()))?;
        let (given, wanted) = (&inputs[1..], &dims[1..]);
        if !given.is_empty() {
            let mut both = given.iter().zip(wanted);
            if given.len() != wanted.len() || both.any(|(a, b)| !a.agrees(b)) {
                bail!(
                    Shape,
                    "RNN: the state to begin with must be {wanted:?}, but is {given:?}"
                );
            }
        }
        Ok(dims)
    }

    /// Reads with one cell: outputs, and the last state.
    fn read(
        how: How,
        cell: &Member,
        inputs: &[Tensor],
        dims: &[Dims],
        weights: &[Tensor],
        context: &mut Context,
    ) -> Result<(Tensor, Tensors)> {
        if let Some(reader) = reader_of(cell.layer()) {
            let reader = Reader { how, ..reader };
            let mut results = reader.call(inputs, weights, context)?;
            return Ok((results.remove(0), results));
        }
        let (x, mut states) = (&inputs[0], Tensors::new());
        states.extend(inputs[1..].iter().cloned());
        if states.is_empty() {
            let batch = x.shape()[0];
            for dims in dims {
                let shape = Shape::join(&[batch], &dims.with(1)?)?;
                states.push(Tensor::zeros(&shape)?);
            }
        }
        let mask = context.mask(0).cloned();
        step_by_step(&how, x, states, mask.as_ref(), &mut |x, states| {
            let all = [x].into_iter().chain(states).cloned();
            let all: Tensors = all.collect();
            let results = cell.call(&all, weights, &mut context.within(0, &[]), false)?;
            let same = |(new, old): (&Tensor, &Tensor)| new.shape() == old.shape();
            if results.len() != 1 + states.len() || !results[1..].iter().zip(states).all(same) {
                bail!(
                    Shape,
                    "layer {}: a cell must give [y, new states…], {} tensors, the states with the shapes that they had",
                    cell.title(),
                    1 + states.len()
                );
            }
            Ok(results)
        })
    }
}

impl Layer for RNN {
    fn class_name(&self) -> &str {
        "RNN"
    }

    fn config(&self) -> Value {
        json!({
            "cell": self.member().map_or(Value::Null, Member::to_json),
            "return_sequences": self.return_sequences,
            "return_state": self.return_state,
            "go_backwards": self.go_backwards,
            "stateful": self.stateful.clone(),
            "unroll": self.unroll,
            "zero_output_for_mask": self.zero_output_for_mask
        })
    }

    fn check(&self) -> Result<()> {
        check_cell("RNN: `cell`", self.member()?)
    }

    fn output_shapes(&self, inputs: &[Shape]) -> Result<Vec<Shape>> {
        let inputs: Vec<Dims> = inputs.iter().map(|input| Dims::fixed(input)).collect();
        let outputs = self.output_dims(&inputs)?;
        outputs.iter().map(|dims| dims.with(1)).collect()
    }

    fn output_dims(&self, inputs: &[Dims]) -> Result<Vec<Dims>> {
        let (dims, cell) = (self.step_dims(inputs)?, self.member()?);
        let results = cell.output_dims(&dims).map_err(|error| cell.at(error))?;
        if results.get(1..) != Some(&dims[1..]) {
            bail!(
                Shape,
                "RNN: layer {}: a cell must give [y, new states…], the states of shapes {:?}, but its results are {results:?}",
                cell.title(),
                &dims[1..]
            );
        }
        let y = &results[0];
        let mut outputs = vec![match self.return_sequences {
            true => Dims::new([inputs[0][0]].into_iter().chain(y.iter().copied())),
            false => y.clone(),
        }];
        if self.return_state {
            outputs.extend_from_slice(&dims[1..]);
        }
        Ok(outputs)
    }

    fn call(
        &self,
        inputs: &[Tensor],
        weights: &[Tensor],
        context: &mut Context,
    ) -> Result<Tensors> {
        let how = self.how();
        if inputs.first().is_none_or(|x| x.shape().len() < 3) {
            bail!(Shape, "RNN: expected [batch, time, …]");
        }
        let samples = inputs.iter().map(|x| Dims::fixed(&x.shape()[1..]));
        self.step_dims(&samples.collect::<Vec<_>>())?;
        let begin = how.begin("RNN", inputs, context)?;
        let cells = flattened(self.member()?)?;
        let (mut y, mut rest, mut first) = (inputs[0].clone(), &begin[..], 0);
        let mut mask = context.mask(0).cloned();
        let mut states = Tensors::new();
        for (place, cell) in cells.iter().enumerate() {
            let dims = step_dims(cell, &Dims::fixed(&y.shape()[2..]))?;
            let (own, others) = rest.split_at(rest.len().min(dims.len() - 1));
            let all = [&y].into_iter().chain(own).cloned();
            let all: Tensors = all.collect();
            let is_last = place + 1 == cells.len();
            let how = How {
                sequences: how.sequences || !is_last,
                states: true,
                // What comes out of the first cell is in the order of reading.
                backwards: how.backwards && place == 0,
                zero_masked: how.zero_masked && is_last,
                carried: None,
                ..how
            };
            let own = &weights[first..first + cell.weight_count()];
            let masks = [mask.clone()];
            let mut within = context.within(first, &masks);
            let read = Self::read(how, cell, &all, &dims[1..], own, &mut within);
            let (outputs, after) = read.map_err(|error| cell.at(error))?;
            if how.backwards {
                mask = mask.map(|mask| mask.reverse(&[1])).transpose()?;
            }
            y = outputs;
            states.extend(after);
            (rest, first) = (others, first + own.len());
        }
        how.end(y, &states, context)
    }

    fn output_masks(&self, inputs: &[Tensor], context: &mut Context) -> Result<Masks> {
        let Some(x) = inputs.first() else {
            return Ok(Masks::new());
        };
        let states = self.state_dims(&Dims::fixed(x.shape().get(1..).unwrap_or_default()))?;
        let states = states.map_or(0, |states| states.len());
        Ok(self.how().output_masks(states, context))
    }

    fn call_options(&self) -> &[&str] {
        &["initial_state"]
    }

    fn call_tensors(&self) -> &[&str] {
        &["initial_state"]
    }

    fn state_dims(&self, input: &Dims) -> Result<Option<Vec<Dims>>> {
        let dims = self.step_dims(core::slice::from_ref(input))?;
        Ok(Some(dims[1..].to_vec()))
    }

    fn carried(&self) -> Option<&Carried> {
        self.stateful.carried()
    }

    fn sublayers(&self) -> Vec<Member> {
        self.inside.all().to_vec()
    }

    fn missing_inside(&self, inputs: &[Dims]) -> Result<u64> {
        self.member()?.missing_params(&self.step_dims(inputs)?)
    }

    fn build(&self, inputs: &[Dims], rng: &mut Rng) -> Result<()> {
        let (dims, cell) = (self.step_dims(inputs)?, self.member()?);
        let built = cell.build(&dims, rng);
        built.map_err(|error| cell.at(error))
    }

    fn as_any(&self) -> Option<&dyn Any> {
        Some(self)
    }
}
