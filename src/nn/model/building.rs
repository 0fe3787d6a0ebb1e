//! How the layers of a model get their weights.
use super::{Built, Graph, Model};
use crate::base::error::{Result, bail};
use crate::base::rng::Rng;
use crate::memory::ask_in_all;
use crate::nn::{Dims, Member};
use alloc::{rc::Rc, vec::Vec};

impl Model {
    /// Makes the weights that do not exist yet, from `seed`; the input shape is the one that a layer named, or `input`.
    ///
    /// # Errors
    /// No layers, no shape, a layer that cannot take its input, or weights that do not fit into memory. Nothing is
    /// built then.
    pub fn build(&self, input: Option<&Dims>, seed: u64) -> Result<()> {
        self.build_with(input, &mut Rng::new(seed))
    }

    pub(super) fn build_with(&self, input: Option<&Dims>, rng: &mut Rng) -> Result<()> {
        if let (Some(input), Some((_, Some(named)))) = (input, &self.0.borrow().row)
            && (!named.agrees(input)
                || named.batch().or(input.batch()) != input.batch().or(named.batch()))
        {
            bail!(
                Shape,
                "build: samples are {input:?}, but the first layer's input shape is {named:?}"
            );
        }
        let mut build = || {
            let graph = self.graph()?;
            check_room(&graph)?;
            let fresh = unbuilt(&graph);
            let made = make_weights(&graph, rng).and_then(|()| {
                let built = Built::of(graph);
                built.check_stateful()?;
                Ok(built)
            });
            if made.is_err() {
                fresh.iter().for_each(Member::forget);
            }
            made
        };
        let built = match input {
            Some(input) => self.with_input(input, build),
            None => build(),
        }?;
        self.0.borrow_mut().built = Some(Rc::new(built));
        Ok(())
    }

    /// Does `work` with `input` as the shape of a sample where none is known. Where `work` fails none is known again.
    pub(super) fn with_input<T>(
        &self,
        input: &Dims,
        work: impl FnOnce() -> Result<T>,
    ) -> Result<T> {
        let given = match &mut self.0.borrow_mut().row {
            Some((_, shape @ None)) => {
                *shape = Some(input.clone());
                true
            }
            _ => false,
        };
        let done = work();
        if given && done.is_err() {
            let mut state = self.0.borrow_mut();
            state.graph = None;
            if let Some((_, shape)) = &mut state.row {
                *shape = None;
            }
        }
        done
    }

    /// How many values the weights have that [`build`](Model::build) would make: a file with fewer is not of this model,
    /// which can be told before there is memory for them.
    ///
    /// # Errors
    /// Those of `build`.
    pub fn missing_params(&self) -> Result<u64> {
        let graph = self.graph()?;
        missing_params(&graph)
    }

    /// Is not built any more, as its layers are not.
    pub(crate) fn forget(&self) {
        self.0.borrow_mut().built = None;
    }
}

/// Asks for the memory of all weights at once: running out of it later would end the program.
fn check_room(graph: &Graph) -> Result<()> {
    ask_in_all("build", missing_params(graph)?.saturating_mul(4))
}

/// How many values the weights have that do not exist yet.
fn missing_params(graph: &Graph) -> Result<u64> {
    let mut params = 0u64;
    for (member, dims) in graph.first_calls() {
        let missing = member.missing_params(&dims);
        params = params.saturating_add(missing.map_err(|error| member.at(error))?);
    }
    Ok(params)
}

/// The layers that have no weights yet, those inside other layers too.
fn unbuilt(graph: &Graph) -> Vec<Member> {
    let (mut pending, mut found) = (graph.members.clone(), Vec::new());
    while let Some(member) = pending.pop() {
        pending.extend(member.inner());
        if !member.is_built() {
            found.push(member);
        }
    }
    found
}

fn make_weights(graph: &Graph, rng: &mut Rng) -> Result<()> {
    // Layers that were built before have used the first numbers already: those that are added later draw other ones.
    for _ in graph.members.iter().filter(|member| member.is_built()) {
        *rng = rng.fork();
    }
    for (member, dims) in graph.first_calls() {
        member.build(&dims, rng).map_err(|error| member.at(error))?;
    }
    Ok(())
}
