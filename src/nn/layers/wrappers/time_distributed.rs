//! A layer applied to every step.
use super::{Inside, name_inside};
use crate::base::error::{Result, bail};
use crate::base::json::{Settings, Value, json};
use crate::base::rng::Rng;
use crate::nn::layer::{Masks, Tensors};
use crate::nn::{Activation, Context, Dims, Layer, Member};
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::{rc::Rc, vec, vec::Vec};
use smallvec::smallvec;

/// Applies a layer to every step of each sample: `[time, …] → [time, …]`. Steps are taken as samples of one large
/// batch, so that a batch normalisation inside has one mean for all of them (in Keras 3 one for each step).
#[derive(Clone)]
pub struct TimeDistributed {
    /// The layer.
    pub layer: Rc<dyn Layer>,
    /// The same with its name and weights.
    pub inside: Inside,
}

impl TimeDistributed {
    /// The layer that applies `layer` to every step.
    pub fn new(layer: impl Layer + 'static) -> Self {
        TimeDistributed {
            layer: Rc::new(layer),
            inside: Inside::default(),
        }
    }

    /// The same for a layer that has a name, or that others hold too.
    pub fn of(member: &Member) -> Self {
        TimeDistributed {
            layer: member.shared_layer(),
            inside: Inside::of(vec![member.clone()]),
        }
    }

    /// From a configuration, `{ "layer": { "class_name", "config" } }`.
    ///
    /// # Errors
    /// An unknown or missing key, or those of the layer.
    pub fn from_json(config: &Value) -> Result<Self> {
        let settings = Settings::new("TimeDistributed", config, &["layer"])?;
        let member = Member::from_json(&settings.required("layer")?)?;
        Ok(Self::of(&member))
    }

    fn member(&self) -> Result<&Member> {
        let all = self.inside.get_or(|| {
            let member = Member::of(self.layer.clone())?;
            Ok(vec![member])
        })?;
        if all[0].name().is_none() {
            all[0].give_name(&name_inside(&all[0]));
        }
        Ok(&all[0])
    }

    fn run(
        &self,
        inputs: &[Tensor],
        weights: &[Tensor],
        context: &mut Context,
        raw: bool,
    ) -> Result<Tensors> {
        let member = self.member()?;
        let Some(&[batch, time, ..]) = inputs.first().map(|x| &**x.shape()) else {
            bail!(Shape, "TimeDistributed: expected [batch, time, …]");
        };
        // Steps become samples of their own.
        let apart = |x: &Tensor| match **x.shape() {
            [b, t, ref rest @ ..] if [b, t] == [batch, time] => {
                x.reshape(&Shape::join(&[batch * time], rest)?)
            }
            _ => bail!(
                Shape,
                "TimeDistributed: inputs differ in their numbers of samples and steps: {batch} × {time} and {:?}",
                x.shape()
            ),
        };
        let steps: Tensors = inputs.iter().map(apart).collect::<Result<_>>()?;
        let inner = |mask: &Option<Tensor>| match mask {
            Some(mask) if mask.shape().len() > 2 => apart(mask).map(Some),
            _ => Ok(None),
        };
        let masks: Masks = context.masks.iter().map(inner).collect::<Result<_>>()?;
        let outputs = member.call(&steps, weights, &mut context.within(0, &masks), raw)?;
        let together = |y: &Tensor| {
            let sample = y.shape().get(1..).unwrap_or_default();
            y.reshape(&Shape::join(&[batch, time], sample)?)
        };
        outputs.iter().map(together).collect()
    }
}

/// The shape of a step.
fn step(dims: &Dims) -> Result<Dims> {
    match dims.split_first() {
        Some((_, step)) => Ok(Dims::new(step.iter().copied())),
        None => bail!(
            Shape,
            "TimeDistributed: each sample must be [time, …], but has the shape {dims:?}"
        ),
    }
}

fn steps(inputs: &[Dims]) -> Result<Vec<Dims>> {
    if inputs.is_empty() {
        bail!(Shape, "TimeDistributed: at least one input is expected");
    }
    inputs.iter().map(step).collect()
}

impl Layer for TimeDistributed {
    fn class_name(&self) -> &str {
        "TimeDistributed"
    }

    fn config(&self) -> Value {
        let layer = self.member().map_or(Value::Null, Member::to_json);
        json!({ "layer": layer })
    }

    fn check(&self) -> Result<()> {
        self.member().map(|_| ())
    }

    fn output_shapes(&self, inputs: &[Shape]) -> Result<Vec<Shape>> {
        let [first, ..] = inputs else {
            bail!(Shape, "TimeDistributed: at least one input is expected");
        };
        let step = |input: &Shape| Shape::new(input.get(1..).unwrap_or_default());
        let (Some(&time), steps) = (first.first(), inputs.iter().map(step)) else {
            bail!(
                Shape,
                "TimeDistributed: each sample must be [time, …], but has the shape {first:?}"
            );
        };
        let outputs = self
            .layer
            .output_shapes(&steps.collect::<Result<Vec<_>>>()?)?;
        let outputs = outputs.iter();
        outputs.map(|output| Shape::join(&[time], output)).collect()
    }

    fn output_dims(&self, inputs: &[Dims]) -> Result<Vec<Dims>> {
        let outputs = self.member()?.output_dims(&steps(inputs)?)?;
        let time = inputs[0][0];
        let whole = |step: &Dims| Dims::new([time].into_iter().chain(step.iter().copied()));
        Ok(outputs.iter().map(whole).collect())
    }

    fn call(
        &self,
        inputs: &[Tensor],
        weights: &[Tensor],
        context: &mut Context,
    ) -> Result<Tensors> {
        self.run(inputs, weights, context, false)
    }

    fn call_raw(
        &self,
        inputs: &[Tensor],
        weights: &[Tensor],
        context: &mut Context,
    ) -> Result<Tensors> {
        self.run(inputs, weights, context, true)
    }

    fn activation(&self) -> Activation {
        match self.inside.all() {
            [member] => member.activation(),
            _ => self.layer.activation(),
        }
    }

    fn output_masks(&self, _: &[Tensor], context: &mut Context) -> Result<Masks> {
        Ok(match context.mask(0) {
            Some(mask) => smallvec![Some(mask.clone())],
            None => Masks::new(),
        })
    }

    fn sublayers(&self) -> Vec<Member> {
        self.inside.all().to_vec()
    }

    fn missing_inside(&self, inputs: &[Dims]) -> Result<u64> {
        self.member()?.missing_params(&steps(inputs)?)
    }

    fn build(&self, inputs: &[Dims], rng: &mut Rng) -> Result<()> {
        let member = self.member()?;
        let built = member.build(&steps(inputs)?, rng);
        built.map_err(|error| member.at(error))
    }
}
