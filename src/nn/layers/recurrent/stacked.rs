//! Cells one behind the other, as one cell.
use crate::base::error::{Result, bail};
use crate::base::json::{Settings, Value, json};
use crate::base::rng::Rng;
use crate::nn::layer::Tensors;
use crate::nn::layers::wrappers::Inside;
use crate::nn::{Context, Dims, Layer, Member, name_members};
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::{rc::Rc, vec::Vec};
use core::any::Any;

/// A cell made of cells: the output of each is the input of the next. Its states are those of the first, then those of
/// the second, and so on.
#[derive(Clone)]
pub struct StackedRNNCells {
    /// The cells, in the order in which they are called.
    pub cells: Vec<Rc<dyn Layer>>,
    /// The same with their names and weights.
    pub inside: Inside,
}

impl StackedRNNCells {
    /// The cell that calls these one after the other.
    pub fn new(cells: Vec<Rc<dyn Layer>>) -> Self {
        StackedRNNCells {
            cells,
            inside: Inside::default(),
        }
    }

    /// The same for cells that have names, or that others hold too.
    ///
    /// # Errors
    /// No cells, a layer that is none, or a name that two of them have been given.
    pub fn of(cells: &[Member]) -> Result<Self> {
        check(cells)?;
        Ok(StackedRNNCells {
            cells: cells.iter().map(Member::shared_layer).collect(),
            inside: Inside::of(cells.to_vec()),
        })
    }

    /// From a configuration, `{ "cells": [{ "class_name", "config" }, …] }`.
    ///
    /// # Errors
    /// An unknown or missing key, or those of the cells.
    pub fn from_json(config: &Value) -> Result<Self> {
        let settings = Settings::new("StackedRNNCells", config, &["cells"])?;
        let cells: Vec<Value> = settings.required("cells")?;
        let cells: Result<Vec<Member>> = cells.iter().map(Member::from_json).collect();
        Self::of(&cells?)
    }

    pub(super) fn members(&self) -> Result<&[Member]> {
        self.inside.get_or(|| {
            let members = self.cells.iter().cloned().map(Member::of);
            let members = members.collect::<Result<Vec<_>>>()?;
            check(&members)?;
            Ok(members)
        })
    }

    /// Goes through the cells with the shapes of what each is called with, `[x, states…]`: the shape of the output, and
    /// those of all states.
    fn each(
        &self,
        x: &Dims,
        visit: &mut dyn FnMut(&Member, &[Dims]) -> Result<()>,
    ) -> Result<(Dims, Vec<Dims>)> {
        let (mut x, mut states) = (x.clone(), Vec::new());
        for cell in self.members()? {
            let inputs = step_dims(cell, &x)?;
            let outputs = cell.output_dims(&inputs).map_err(|error| cell.at(error))?;
            visit(cell, &inputs)?;
            states.extend_from_slice(&inputs[1..]);
            x = outputs.into_iter().next().unwrap_or(x);
        }
        Ok((x, states))
    }
}

/// Refuses what cannot be a stack, and names the cells.
fn check(cells: &[Member]) -> Result<()> {
    if cells.is_empty() {
        bail!(
            Value,
            "StackedRNNCells: `cells` must have at least one cell"
        );
    }
    cells
        .iter()
        .try_for_each(|cell| check_cell("StackedRNNCells: `cells`", cell))?;
    name_members(cells)
}

/// Refuses a layer that is no cell.
pub(super) fn check_cell(what: &str, cell: &Member) -> Result<()> {
    if !cell.layer().is_cell() {
        bail!(
            Value,
            "{what}: {} is no cell: a cell is a layer that has a state size and maps [x, states…] to [y, new states…]",
            cell.class_name()
        );
    }
    Ok(())
}

/// The shapes of what a cell is called with, for steps of this shape: the step, then its states.
pub(super) fn step_dims(cell: &Member, x: &Dims) -> Result<Vec<Dims>> {
    let states = cell.layer().state_dims(x).map_err(|error| cell.at(error))?;
    Ok([x.clone()]
        .into_iter()
        .chain(states.unwrap_or_default())
        .collect())
}

/// The cells that a cell is made of, those of stacks one by one.
pub(super) fn flattened(cell: &Member) -> Result<Vec<Member>> {
    let any = cell.layer().as_any();
    let Some(stack) = any.and_then(|any| any.downcast_ref::<StackedRNNCells>()) else {
        return Ok([cell.clone()].into());
    };
    let mut all = Vec::new();
    for cell in stack.members()? {
        all.extend(flattened(cell)?);
    }
    Ok(all)
}

impl Layer for StackedRNNCells {
    fn class_name(&self) -> &str {
        "StackedRNNCells"
    }

    fn config(&self) -> Value {
        let cells = self.members().unwrap_or_default().iter();
        json!({ "cells": cells.map(Member::to_json).collect::<Vec<_>>() })
    }

    fn check(&self) -> Result<()> {
        self.members().map(|_| ())
    }

    fn output_shapes(&self, inputs: &[Shape]) -> Result<Vec<Shape>> {
        let inputs: Vec<Dims> = inputs.iter().map(|input| Dims::fixed(input)).collect();
        let outputs = self.output_dims(&inputs)?;
        outputs.iter().map(|dims| dims.with(1)).collect()
    }

    fn output_dims(&self, inputs: &[Dims]) -> Result<Vec<Dims>> {
        let [x, given @ ..] = inputs else {
            bail!(Shape, "StackedRNNCells: at least one input is expected");
        };
        let (y, states) = self.each(x, &mut |_, _| Ok(()))?;
        let mut both = given.iter().zip(&states);
        if given.len() != states.len() || both.any(|(a, b)| !a.agrees(b)) {
            bail!(
                Shape,
                "StackedRNNCells: the states must be {states:?}, but are {given:?}"
            );
        }
        Ok([y].into_iter().chain(states).collect())
    }

    fn call(
        &self,
        inputs: &[Tensor],
        weights: &[Tensor],
        context: &mut Context,
    ) -> Result<Tensors> {
        let (mut x, mut rest, mut first) = (inputs[0].clone(), &inputs[1..], 0);
        let mut states = Tensors::new();
        for cell in self.members()? {
            let sample = x.shape().get(1..).unwrap_or_default();
            let count = step_dims(cell, &Dims::fixed(sample))?.len() - 1;
            if rest.len() < count {
                bail!(Shape, "StackedRNNCells: states are missing");
            }
            let (own, others) = rest.split_at(count);
            let step: Tensors = [x].into_iter().chain(own.iter().cloned()).collect();
            let own = &weights[first..first + cell.weight_count()];
            let mut results = cell.call(&step, own, &mut context.within(first, &[]), false)?;
            x = results.remove(0);
            states.extend(results);
            (rest, first) = (others, first + own.len());
        }
        Ok([x].into_iter().chain(states).collect())
    }

    fn state_dims(&self, x: &Dims) -> Result<Option<Vec<Dims>>> {
        Ok(Some(self.each(x, &mut |_, _| Ok(()))?.1))
    }

    fn is_cell(&self) -> bool {
        true
    }

    fn sublayers(&self) -> Vec<Member> {
        self.inside.all().to_vec()
    }

    fn missing_inside(&self, inputs: &[Dims]) -> Result<u64> {
        let mut params = 0u64;
        let count = &mut |cell: &Member, inputs: &[Dims]| {
            params = params.saturating_add(cell.missing_params(inputs)?);
            Ok(())
        };
        if let Some(x) = inputs.first() {
            self.each(x, count)?;
        }
        Ok(params)
    }

    fn build(&self, inputs: &[Dims], rng: &mut Rng) -> Result<()> {
        let build = &mut |cell: &Member, inputs: &[Dims]| {
            let built = cell.build(inputs, rng);
            built.map_err(|error| cell.at(error))
        };
        match inputs.first() {
            Some(x) => self.each(x, build).map(|_| ()),
            None => Ok(()),
        }
    }

    fn as_any(&self) -> Option<&dyn Any> {
        Some(self)
    }
}
