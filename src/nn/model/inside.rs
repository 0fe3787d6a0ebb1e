//! A model as a layer of another.
use super::Model;
use crate::base::error::{Result, bail};
use crate::base::json::Value;
use crate::base::places::Places;
use crate::base::rng::Rng;
use crate::nn::layer::{Context, Layer, Masks, Tensors};
use crate::nn::{Activation, Dims, Member};
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::{vec, vec::Vec};

/// Models inside models, at most.
const DEEPEST: usize = 32;

impl Layer for Model {
    fn class_name(&self) -> &str {
        if self.is_sequential() {
            "Sequential"
        } else {
            "Functional"
        }
    }

    fn config(&self) -> Value {
        self.to_json()["config"].clone()
    }

    fn output_shapes(&self, inputs: &[Shape]) -> Result<Vec<Shape>> {
        let graph = self.graph()?;
        if graph.inputs.len() != inputs.len() {
            bail!(
                Shape,
                "the model takes {} inputs, but {} were given",
                graph.inputs.len(),
                inputs.len()
            );
        }
        // Models that call the one inside them twice would ask it again and again, twice as often on each level.
        if let Some((before, outputs)) = &*graph.last_shapes.borrow()
            && before == inputs
        {
            return Ok(outputs.clone());
        }
        let mut shapes: Vec<Vec<Shape>> = Vec::with_capacity(graph.nodes.len());
        for (index, node) in graph.nodes.iter().enumerate() {
            if let Some(place) = graph.inputs.iter().position(|&input| input == index) {
                let (wanted, given) = (&node.outputs[0], &inputs[place]);
                if !wanted.may_be_called_on(given) {
                    bail!(
                        Shape,
                        "the model takes samples of shape {wanted:?}, but these are {given:?}"
                    );
                }
                shapes.push([*given].into());
                continue;
            }
            let own: Vec<Shape> = node
                .inputs
                .iter()
                .map(|port| shapes[port.node][port.output])
                .collect();
            shapes.push(graph.members[node.member].layer().output_shapes(&own)?);
        }
        let outputs = graph.outputs.iter();
        let outputs: Vec<Shape> = outputs.map(|port| shapes[port.node][port.output]).collect();
        *graph.last_shapes.borrow_mut() = Some((inputs.to_vec(), outputs.clone()));
        Ok(outputs)
    }

    fn output_dims(&self, inputs: &[Dims]) -> Result<Vec<Dims>> {
        let outputs = || Dims::outputs(inputs, &|shapes| self.output_shapes(shapes));
        match inputs {
            [only] => self.with_input(only, outputs),
            _ => outputs(),
        }
    }

    fn call(
        &self,
        inputs: &[Tensor],
        weights: &[Tensor],
        context: &mut Context,
    ) -> Result<Tensors> {
        Ok(self.pass(inputs, weights, context, false)?.0)
    }

    fn call_raw(
        &self,
        inputs: &[Tensor],
        weights: &[Tensor],
        context: &mut Context,
    ) -> Result<Tensors> {
        Ok(self.pass(inputs, weights, context, true)?.0)
    }

    fn activation(&self) -> Activation {
        match self.graph() {
            Ok(graph) if graph.outputs.len() == 1 => graph.activation(0),
            _ => Activation::Linear,
        }
    }

    fn sublayers(&self) -> Vec<Member> {
        self.members()
    }

    fn missing_inside(&self, inputs: &[Dims]) -> Result<u64> {
        match inputs.first() {
            Some(input) if !self.is_built() => self.with_input(input, || self.missing_params()),
            _ => Ok(0),
        }
    }

    fn build(&self, inputs: &[Dims], rng: &mut Rng) -> Result<()> {
        if self.is_built() {
            return Ok(());
        }
        // What its first layer says of its input goes before what it is called on.
        let is_known = matches!(&self.0.borrow().row, Some((_, Some(_))));
        self.build_with(inputs.first().filter(|_| !is_known), rng)
    }

    fn named(&self, name: &str) {
        self.set_name(name);
    }

    fn call_with_masks(
        &self,
        inputs: &[Tensor],
        weights: &[Tensor],
        context: &mut Context,
        raw: bool,
    ) -> Option<Result<(Tensors, Masks)>> {
        Some(self.pass(inputs, weights, context, raw))
    }

    fn as_model(&self) -> Option<&Model> {
        Some(self)
    }
}

impl Model {
    /// The pass of a model that is a layer of another, from which the weights come: outputs and their masks. `raw` leaves
    /// out the activation at the only output, as [`activation`](Layer::activation) says.
    pub(crate) fn pass(
        &self,
        inputs: &[Tensor],
        weights: &[Tensor],
        context: &mut Context,
        raw: bool,
    ) -> Result<(Tensors, Masks)> {
        let built = self.built()?;
        built.check_called(inputs, context.is_trial())?;
        if weights.len() != built.ranges.last().map_or(0, |range| range.end) {
            bail!(
                State,
                "the model has other layers now than when it became a layer; build the model around it again"
            );
        }
        let raw = raw && built.graph.outputs.len() == 1;
        built
            .graph
            .run(inputs, weights, &built.ranges, context, raw)
    }
}

/// Refuses a layer that has too many models inside one another, or `model` itself; `what` was about to take it.
pub(super) fn check_depth(what: &str, member: &Member, model: Option<&Model>) -> Result<()> {
    // A layer that is reached in many ways is looked at once on each level.
    let mut level = vec![member.clone()];
    let mut depth = 0;
    while !level.is_empty() {
        depth += 1;
        if depth > DEEPEST {
            bail!(
                Value,
                "{what}: models are inside one another more than {DEEPEST} deep"
            );
        }
        let (mut next, mut known) = (Vec::new(), Places::new());
        for member in &level {
            if let (Some(inner), Some(model)) = (member.layer().as_model(), model)
                && inner.is(model)
            {
                bail!(Value, "{what}: a model cannot be a layer of itself");
            }
            for inner in member.inner() {
                if known.set(inner.key() as usize, next.len()) {
                    next.push(inner);
                }
            }
        }
        level = next;
    }
    Ok(())
}
