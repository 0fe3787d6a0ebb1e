//! Long short-term memories whose products are convolutions (Shi et al. 2015).
use super::cell_settings;
use super::how::{How, step_by_step};
use super::setting::{Cudnn, Stateful};
use crate::base::error::{Result, bail};
use crate::base::json::{Value, settings};
use crate::kernels::conv::Conv2d;
use crate::nn::Seed;
use crate::nn::layer::{Carried, Masks, Tensors, positive};
use crate::nn::layers::dropout::check_rate;
use crate::nn::pair::ChannelsLast;
use crate::nn::{
    Activation, Constraint, Context, Dims, Initializer, Layer, Pair, Regularizer, WeightSpec,
};
use crate::ops::Padding;
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::{format, vec, vec::Vec};
use core::any::Any;
use smallvec::smallvec;

/// How many gates there are: input, forget, candidate, output.
const GATES: usize = 4;

/// The settings of the cell, and of the layer that reads sequences with it, which has `$more`.
macro_rules! conv_lstm {
    ({ $(#[$doc:meta])* $class:ident } { $($more:tt)* }) => {
        cell_settings! {
            { $(#[$doc])* $class }
            {
                /// How many outputs per place.
                filters: usize,
                /// The window, down and across, of both convolutions.
                kernel_size: Pair,
                /// How far the window moves over the inputs.
                strides: Pair = Pair(1, 1),
                /// Whether the window may reach over the edge of the inputs; over that of the state it always does.
                padding: Padding = Padding::Valid,
                /// Where the channels are: last, always.
                data_format: ChannelsLast = ChannelsLast,
                /// How far apart the window's places are on the inputs.
                dilation_rate: Pair = Pair(1, 1),
            }
            {
                /// Applied to the gates.
                recurrent_activation: Activation = Activation::Sigmoid,
                /// Whether the forget gate's bias starts as 1.
                unit_forget_bias: bool = true,
                $($more)*
            }
        }
    };
}

conv_lstm! {
    {
        /// An [`LSTM`](super::LSTM) on pictures: `[time, h, w, c] → [oh, ow, filters]`, or `[time, oh, ow, filters]` with
        /// `return_sequences`. Inputs and state are convolved where an LSTM multiplies them. Inputs after the first are
        /// the state to begin with, two of `[oh, ow, filters]`; steps whose mask is 0 are passed over.
        ConvLSTM2D
    }
    {
        /// What the outputs add to the loss.
        activity_regularizer: Option<Regularizer> = None,
        /// The output of every step, not just the last.
        return_sequences: bool = false,
        /// The last state as further outputs.
        return_state: bool = false,
        /// From the last step to the first; outputs are in the order of reading.
        go_backwards: bool = false,
        /// Whether a batch goes on with the state of the batch before.
        stateful: Stateful = Stateful::default(),
        /// How Keras computes it, never what.
        unroll: bool = false,
        /// Whether the outputs of steps whose mask is 0 are 0, and not those of the step before.
        zero_output_for_mask: bool = false,
        /// How Keras computes it, never what.
        use_cudnn: Option<Cudnn> = None,
    }
}

conv_lstm! {
    {
        /// As a cell: one step of [`ConvLSTM2D`], `[h, h, c]` from `[x, h, c]`.
        ConvLSTM2DCell
    }
    {}
}

impl ConvLSTM2DCell {
    fn check_as(&self, class: &str) -> Result<()> {
        positive(&format!("{class}: `filters`"), &[self.filters])?;
        for (key, Pair(down, across)) in [
            ("kernel_size", self.kernel_size),
            ("strides", self.strides),
            ("dilation_rate", self.dilation_rate),
        ] {
            positive(&format!("{class}: `{key}`"), &[down, across])?;
        }
        if self.strides != Pair(1, 1) && self.dilation_rate != Pair(1, 1) {
            bail!(
                Value,
                "{class}: `strides` and `dilation_rate` cannot both be greater than 1"
            );
        }
        check_rate(&format!("{class}: `dropout`"), self.dropout)?;
        let key = format!("{class}: `recurrent_dropout`");
        check_rate(&key, self.recurrent_dropout)
    }

    fn columns(&self) -> usize {
        self.filters.saturating_mul(GATES)
    }

    /// The shape of a state, for steps `[h, w, c]`.
    fn state(&self, class: &str, step: &[usize]) -> Result<Shape> {
        let &[h, w, c] = step else {
            bail!(
                Shape,
                "{class}: each step must be [height, width, channels], but has the shape {step:?}"
            );
        };
        let Pair(kh, kw) = self.kernel_size;
        let geometry = Conv2d::new(
            &[1, h, w, c],
            &[kh, kw, c, self.columns()],
            self.strides.into(),
            self.dilation_rate.into(),
            self.padding,
        )?;
        let [_, h, w, _] = geometry.out_shape();
        Shape::new(&[h, w, self.filters])
    }

    fn specs(&self, path: &str, channels: usize) -> Vec<WeightSpec> {
        let (Pair(kh, kw), columns) = (self.kernel_size, self.columns());
        let spec = |name: &str, shape, initializer| {
            WeightSpec::new(&format!("{path}{name}"), shape, initializer)
        };
        let kernel = vec![kh, kw, channels, columns];
        let recurrent = vec![kh, kw, self.filters, columns];
        let mut specs = vec![
            spec("kernel", kernel, self.kernel_initializer)
                .held(self.kernel_regularizer, self.kernel_constraint.clone()),
            spec("recurrent_kernel", recurrent, self.recurrent_initializer).held(
                self.recurrent_regularizer,
                self.recurrent_constraint.clone(),
            ),
        ];
        if self.use_bias {
            let mut bias = spec("bias", vec![columns], self.bias_initializer)
                .held(self.bias_regularizer, self.bias_constraint.clone());
            if self.unit_forget_bias {
                bias.ones = self.filters..self.filters.saturating_mul(2);
            }
            specs.push(bias);
        }
        specs
    }

    /// For each gate, which of `shape` are dropped; none where nothing is.
    fn masks(shape: &[usize], rate: f32, seed: &Seed, context: &mut Context) -> Result<Tensors> {
        if !context.training || rate == 0.0 {
            return Ok(Tensors::new());
        }
        seed.draws(context, |rng| {
            let mut mask = || Tensor::full(shape, 1.0)?.dropout(rate, rng);
            (0..GATES).map(|_| mask()).collect()
        })
    }

    /// Convolves `x` for all gates, or what `masks` leave of it for each.
    fn convolve(
        x: &Tensor,
        kernel: &Tensor,
        masks: &[Tensor],
        of: &dyn Fn(&Tensor, &Tensor) -> Result<Tensor>,
    ) -> Result<Tensor> {
        if masks.is_empty() {
            return of(x, kernel);
        }
        let mut size = kernel.shape().to_vec();
        size[3] /= GATES;
        let gate = |(gate, mask): (usize, &Tensor)| {
            let own = kernel.slice(&[0, 0, 0, gate * size[3]], &size)?;
            of(&x.mul(mask)?, &own)
        };
        let gates: Result<Vec<Tensor>> = masks.iter().enumerate().map(gate).collect();
        Tensor::concat(&gates?, -1)
    }

    /// What the inputs `[n, h, w, c]` bring to the gates, `[n, oh, ow, 4·filters]`.
    fn inputs(&self, x: &Tensor, weights: &[Tensor], masks: &[Tensor]) -> Result<Tensor> {
        let (strides, dilation) = (self.strides.into(), self.dilation_rate.into());
        let y = Self::convolve(x, &weights[0], masks, &|x, kernel| {
            x.conv2d(kernel, strides, dilation, self.padding)
        })?;
        match weights.get(2) {
            Some(bias) => y.add(bias),
            None => Ok(y),
        }
    }

    /// `[h, h, c]` from what the inputs bring, and the state.
    fn step(
        &self,
        inputs: &Tensor,
        state: &[Tensor],
        weights: &[Tensor],
        masks: &[Tensor],
    ) -> Result<Tensors> {
        let (h, c) = (&state[0], &state[1]);
        let recurrent = Self::convolve(h, &weights[1], masks, &|h, kernel| {
            h.conv2d(kernel, (1, 1), (1, 1), Padding::Same)
        })?;
        let sums = inputs.add(&recurrent)?;
        let gate = |gate: usize, activation: Activation| {
            let sum = sums.slice(&[0, 0, 0, gate * self.filters], h.shape())?;
            activation.apply(&sum)
        };
        let (usual, gates) = (self.activation, self.recurrent_activation);
        let (i, f) = (gate(0, gates)?, gate(1, gates)?);
        let (g, o) = (gate(2, usual)?, gate(3, gates)?);
        let c = f.mul(c)?.add(&i.mul(&g)?)?;
        let h = o.mul(&usual.apply(&c)?)?;
        Ok(smallvec![h.clone(), h, c])
    }
}

impl Layer for ConvLSTM2DCell {
    fn seed(&self) -> Option<&Seed> {
        Some(&self.seed)
    }

    fn class_name(&self) -> &str {
        "ConvLSTM2DCell"
    }

    fn config(&self) -> Value {
        self.to_json()
    }

    fn check(&self) -> Result<()> {
        self.check_as("ConvLSTM2DCell")
    }

    fn output_shapes(&self, inputs: &[Shape]) -> Result<Vec<Shape>> {
        let [x, given @ ..] = inputs else {
            bail!(Shape, "ConvLSTM2DCell: at least one input is expected");
        };
        let state = self.state("ConvLSTM2DCell", x)?;
        if given != [state; 2] {
            bail!(
                Shape,
                "ConvLSTM2DCell: the states must be two of {state:?}, but are {given:?}"
            );
        }
        Ok(vec![state; 3])
    }

    fn weights(&self, inputs: &[Shape]) -> Vec<WeightSpec> {
        let channels = inputs.first().and_then(|x| x.last());
        self.specs("", channels.copied().unwrap_or(1))
    }

    fn call(
        &self,
        inputs: &[Tensor],
        weights: &[Tensor],
        context: &mut Context,
    ) -> Result<Tensors> {
        let [x, h, c] = inputs else {
            bail!(Shape, "ConvLSTM2DCell: a cell is called with [x, h, c]");
        };
        let masks = Self::masks(x.shape(), self.dropout, &self.seed, context)?;
        let of_state = Self::masks(h.shape(), self.recurrent_dropout, &self.seed, context)?;
        let inputs = self.inputs(x, weights, &masks)?;
        self.step(&inputs, &[h.clone(), c.clone()], weights, &of_state)
    }

    fn state_dims(&self, input: &Dims) -> Result<Option<Vec<Dims>>> {
        let states = Dims::outputs(core::slice::from_ref(input), &|x| {
            Ok(vec![self.state("ConvLSTM2DCell", &x[0])?; 2])
        });
        states.map(Some)
    }

    fn is_cell(&self) -> bool {
        true
    }

    fn as_any(&self) -> Option<&dyn Any> {
        Some(self)
    }
}

impl ConvLSTM2D {
    /// The cell that it reads with.
    fn cell(&self) -> ConvLSTM2DCell {
        ConvLSTM2DCell {
            filters: self.filters,
            kernel_size: self.kernel_size,
            strides: self.strides,
            padding: self.padding,
            data_format: self.data_format,
            dilation_rate: self.dilation_rate,
            activation: self.activation,
            recurrent_activation: self.recurrent_activation,
            use_bias: self.use_bias,
            kernel_initializer: self.kernel_initializer,
            recurrent_initializer: self.recurrent_initializer,
            bias_initializer: self.bias_initializer,
            unit_forget_bias: self.unit_forget_bias,
            kernel_regularizer: self.kernel_regularizer,
            recurrent_regularizer: self.recurrent_regularizer,
            bias_regularizer: self.bias_regularizer,
            kernel_constraint: self.kernel_constraint.clone(),
            recurrent_constraint: self.recurrent_constraint.clone(),
            bias_constraint: self.bias_constraint.clone(),
            dropout: self.dropout,
            recurrent_dropout: self.recurrent_dropout,
            seed: self.seed.clone(),
        }
    }

    fn how(&self) -> How<'_> {
        How {
            sequences: self.return_sequences,
            states: self.return_state,
            backwards: self.go_backwards,
            zero_masked: self.zero_output_for_mask,
            activity_regularizer: self.activity_regularizer,
            carried: self.stateful.carried(),
        }
    }

    /// The number of steps of a sample, and the shape of its states.
    fn sizes(&self, sample: &[usize]) -> Result<(usize, Shape)> {
        match sample {
            [0, ..] => bail!(Shape, "ConvLSTM2D: each sample must have at least one step"),
            [time, step @ ..] => Ok((*time, self.cell().state("ConvLSTM2D", step)?)),
            [] => bail!(Shape, "ConvLSTM2D: each sample must be [time, h, w, c]"),
        }
    }

    /// Refuses another state to begin with than two of shape `state`.
    fn check_states<'a>(
        state: &Shape,
        given: impl ExactSizeIterator<Item = &'a [usize]>,
    ) -> Result<()> {
        let given: Vec<&[usize]> = given.collect();
        if !given.is_empty() && (given.len() != 2 || given.iter().any(|own| **own != **state)) {
            bail!(
                Shape,
                "ConvLSTM2D: the state to begin with must be two of {state:?}, but is {given:?}"
            );
        }
        Ok(())
    }
}

impl Layer for ConvLSTM2D {
    fn seed(&self) -> Option<&Seed> {
        Some(&self.seed)
    }

    fn class_name(&self) -> &str {
        "ConvLSTM2D"
    }

    fn config(&self) -> Value {
        self.to_json()
    }

    fn check(&self) -> Result<()> {
        self.cell().check_as("ConvLSTM2D")
    }

    fn output_shapes(&self, inputs: &[Shape]) -> Result<Vec<Shape>> {
        let [x, given @ ..] = inputs else {
            bail!(Shape, "ConvLSTM2D: at least one input is expected");
        };
        let (time, state) = self.sizes(x)?;
        Self::check_states(&state, given.iter().map(|state| &**state))?;
        self.how().output_shapes(time, state, &[state; 2])
    }

    fn weights(&self, inputs: &[Shape]) -> Vec<WeightSpec> {
        let channels = inputs.first().and_then(|x| x.last());
        self.cell()
            .specs("conv_lstm_cell/", channels.copied().unwrap_or(1))
    }

    fn call(
        &self,
        inputs: &[Tensor],
        weights: &[Tensor],
        context: &mut Context,
    ) -> Result<Tensors> {
        let (how, cell) = (self.how(), self.cell());
        let Some(&[batch, time, h, w, c]) = inputs.first().map(|x| &**x.shape()) else {
            bail!(Shape, "ConvLSTM2D: expected [batch, time, h, w, c]");
        };
        let (_, state) = self.sizes(&[time, h, w, c])?;
        let given = inputs[1..].iter();
        Self::check_states(
            &state,
            given.map(|s| s.shape().get(1..).unwrap_or_default()),
        )?;
        let mut states = how.begin("ConvLSTM2D", inputs, context)?;
        let of_batch = Shape::join(&[batch], &state)?;
        if states.is_empty() {
            states = smallvec![Tensor::zeros(&of_batch)?; 2];
        }
        // The same places are dropped at every step.
        let masks = ConvLSTM2DCell::masks(&[batch, 1, h, w, c], self.dropout, &self.seed, context)?;
        let of_state =
            ConvLSTM2DCell::masks(&of_batch, self.recurrent_dropout, &self.seed, context)?;
        let all = Shape::new(&[batch * time, h, w, c])?;
        let of_step = |mask: &Tensor| {
            let mask = mask.broadcast_to(&Shape::new(&[batch, time, h, w, c])?)?;
            mask.reshape(&all)
        };
        let masks: Tensors = masks.iter().map(of_step).collect::<Result<_>>()?;
        let x = cell.inputs(&inputs[0].reshape(&all)?, weights, &masks)?;
        let x = x.reshape(&Shape::join(&[batch, time], &x.shape()[1..])?)?;
        let mask = context.mask(0).cloned();
        let step = &mut |x: &Tensor, state: &[Tensor]| cell.step(x, state, weights, &of_state);
        let (outputs, states) = step_by_step(&how, &x, states, mask.as_ref(), step)?;
        how.end(outputs, &states, context)
    }

    fn output_masks(&self, _: &[Tensor], context: &mut Context) -> Result<Masks> {
        Ok(self.how().output_masks(2, context))
    }

    fn call_options(&self) -> &[&str] {
        &["initial_state"]
    }

    fn call_tensors(&self) -> &[&str] {
        &["initial_state"]
    }

    fn state_dims(&self, input: &Dims) -> Result<Option<Vec<Dims>>> {
        let states = Dims::outputs(core::slice::from_ref(input), &|x| {
            Ok(vec![self.sizes(&x[0])?.1; 2])
        });
        states.map(Some)
    }

    fn carried(&self) -> Option<&Carried> {
        self.stateful.carried()
    }
}
