//! Models: graphs of layers.
//!
//! A [`Model`] is made from symbols, as [`Model::new`] says, or by adding one layer after the other, which is a way to
//! write such a graph and nothing else. Clones are the same model. A model is a layer too, so it may be part of
//! another.
use super::layer::Layer;
use super::{Dims, Member};
use crate::base::error::{Result, bail};
use alloc::{rc::Rc, string::String, vec::Vec};
use core::cell::RefCell;

mod building;
mod built;
mod ends;
#[cfg(feature = "functional")]
mod functional;
#[cfg(not(feature = "functional"))]
#[path = "without_functional.rs"]
mod functional;
mod graph;
mod inside;
mod inspection;
mod json;
mod names;
mod running;
mod safetensors;
mod save;
mod summary;
mod symbol;
mod weights;

pub(crate) use built::Built;
pub(crate) use graph::Graph;
#[cfg(feature = "functional")]
pub(crate) use graph::Port;
use inside::check_depth;
pub use inspection::Inspection;
use names::Names;
pub use names::name_members;
pub use summary::LayerSummary;
#[cfg(feature = "functional")]
pub(crate) use symbol::InputLayer;
pub use symbol::{Apply, Symbol};

/// A network. Clones are the same one.
#[derive(Clone)]
pub struct Model(Rc<RefCell<State>>);

struct State {
    name: Option<String>,
    /// Layers in a row, and the shape of a sample if it is known; `None` for a model made from symbols.
    row: Option<(Vec<Member>, Option<Dims>)>,
    /// The names of the layers in a row.
    names: Names,
    graph: Option<Rc<Graph>>,
    /// What belongs to a graph whose layers have their weights.
    built: Option<Rc<Built>>,
    /// Whether the graph of another model calls this one.
    is_inside: bool,
    /// The names of inputs and of outputs, where they are others than those of layers.
    ends: [Option<Vec<String>>; 2],
}

impl State {
    /// Refuses to change the layers of a model that is a layer of another: the other was made for what they give.
    fn check_alone(&self, what: &str) -> Result<()> {
        // The page's models have no models inside.
        if cfg!(feature = "functional") && self.is_inside {
            bail!(
                State,
                "{what}: another model calls this one as it is: change it before it becomes a layer"
            );
        }
        Ok(())
    }
}

impl Model {
    /// A model to which layers are added in a row.
    ///
    /// ```
    /// use mapling::nn::{Dense, Model};
    /// # fn main() -> mapling::Result<()> {
    /// let model = Model::sequential();
    /// model.add(Dense::new(4))?;
    /// model.add(Dense::new(1))?;
    /// assert!(!model.is_built(), "how many inputs there are is not known yet");
    /// # Ok(())
    /// # }
    /// ```
    pub fn sequential() -> Self {
        Self::of(State {
            name: None,
            row: Some((Vec::new(), None)),
            names: Names::default(),
            graph: None,
            built: None,
            is_inside: false,
            ends: [None, None],
        })
    }

    /// The model that computes `outputs` from `inputs`.
    ///
    /// # Errors
    /// An input that is missing, outputs that depend on none, a name that is used twice, or too many models inside
    /// one another.
    pub fn new(inputs: &[Symbol], outputs: &[Symbol]) -> Result<Self> {
        let graph = Graph::new(inputs, outputs)?;
        for member in &graph.members {
            check_depth("model", member, None)?;
        }
        graph.check_shared()?;
        name_members(&graph.members)?;
        graph.fix_models_inside();
        Ok(Self::of(State {
            name: None,
            row: None,
            names: Names::default(),
            graph: Some(Rc::new(graph)),
            built: None,
            is_inside: false,
            ends: [None, None],
        }))
    }

    fn of(state: State) -> Self {
        Model(Rc::new(RefCell::new(state)))
    }

    /// Whether both are the same model.
    pub fn is(&self, other: &Model) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// Whether layers are added to it in a row.
    pub fn is_sequential(&self) -> bool {
        self.0.borrow().row.is_some()
    }

    /// Its name, once it has one.
    pub fn name(&self) -> Option<String> {
        self.0.borrow().name.clone()
    }

    /// Names it.
    pub fn set_name(&self, name: &str) {
        self.0.borrow_mut().name = Some(name.into());
    }

    /// Adds a layer at the end.
    ///
    /// # Errors
    /// Settings that make no sense.
    pub fn add(&self, layer: impl Layer + 'static) -> Result<()> {
        self.add_member(&Member::new(layer)?)
    }

    /// Adds a layer that may be part of other models too. The input shape of a later layer says nothing here: what comes
    /// before decides, as in Keras and TensorFlow.js.
    ///
    /// # Errors
    /// A model that is not sequential or that another calls, a name that is taken, or this very model.
    pub fn add_member(&self, member: &Member) -> Result<()> {
        check_depth("add", member, Some(self))?;
        let named = member.input_shape().or_else(|| {
            let model = member.layer().as_model()?;
            model.input_dims().ok()?.into_iter().next()
        });
        {
            let state = self.0.borrow();
            if state.row.is_none() {
                bail!(
                    State,
                    "add: a model made from symbols has all of its layers"
                );
            }
            state.check_alone("add")?;
            if let Some(name) = member.given_name()
                && state.names.taken.has(&name)
            {
                bail!(Value, "layer name `{name}` is used twice");
            }
        }
        let mut state = self.0.borrow_mut();
        let name = match member.name() {
            Some(name) if !state.names.taken.has(&name) => name,
            _ => {
                let name = state.names.free(member.class_name());
                member.give_name(&name);
                name
            }
        };
        state.names.taken.take(name);
        if let Some((members, input)) = &mut state.row {
            if members.is_empty() && input.is_none() {
                *input = named;
            }
            members.push(member.clone());
        }
        (state.graph, state.built) = (None, None);
        Ok(())
    }

    /// Takes the last layer away.
    ///
    /// # Errors
    /// A model that is not sequential or that another calls, or one without layers.
    pub fn pop(&self) -> Result<Member> {
        let mut state = self.0.borrow_mut();
        state.check_alone("pop")?;
        let last = state.row.as_mut().and_then(|(members, _)| members.pop());
        let Some(last) = last else {
            bail!(State, "pop: there is no layer that could be taken away");
        };
        if let Some(name) = last.name() {
            state.names.taken.give_back(&name);
        }
        (state.graph, state.built) = (None, None);
        Ok(last)
    }

    /// Says of what shape a sample is, before the first layer is added.
    ///
    /// # Errors
    /// A model that is not sequential, or one that has layers.
    pub fn set_input(&self, dims: Dims) -> Result<()> {
        match &mut self.0.borrow_mut().row {
            Some((members, input)) if members.is_empty() => {
                *input = Some(dims);
                Ok(())
            }
            _ => bail!(
                Value,
                "input shape {dims:?}: only the first layer may have one"
            ),
        }
    }

    /// The layers, each once, in Keras' order; those of a sequential model without the one that stands for its input.
    pub fn members(&self) -> Vec<Member> {
        let state = self.0.borrow();
        match (&state.row, &state.graph) {
            (Some((members, _)), _) => members.clone(),
            (None, Some(graph)) => graph.members.clone(),
            (None, None) => Vec::new(),
        }
    }

    /// The graph, if it is known.
    ///
    /// # Errors
    /// A sequential model without layers, whose input shape is not known, or a layer that cannot take its input.
    pub(crate) fn graph(&self) -> Result<Rc<Graph>> {
        if let Some(graph) = &self.0.borrow().graph {
            return Ok(graph.clone());
        }
        let Some((members, input)) = self.0.borrow().row.clone() else {
            bail!(State, "the model has no graph")
        };
        let Some(dims) = input else {
            bail!(
                State,
                "build: the input shape is not known; give the first layer `input_shape`"
            );
        };
        if members.is_empty() {
            bail!(State, "build: the model has no layers");
        }
        let input = Symbol::input(dims);
        let mut last = [input.clone()].to_vec();
        for member in &members {
            last = member.apply(&last)?;
        }
        let graph = Rc::new(Graph::new(&[input], &last)?);
        graph.fix_models_inside();
        self.0.borrow_mut().graph = Some(graph.clone());
        Ok(graph)
    }

    /// Whether the weights exist.
    pub fn is_built(&self) -> bool {
        self.0.borrow().built.is_some()
    }

    /// What belongs to a model whose weights exist.
    ///
    /// # Errors
    /// They do not.
    pub(crate) fn built(&self) -> Result<Rc<Built>> {
        match &self.0.borrow().built {
            Some(built) => Ok(built.clone()),
            None => bail!(State, "the model is not built yet"),
        }
    }

    /// The shapes of samples, one for each input.
    ///
    /// # Errors
    /// The input shape is not known yet.
    pub fn input_dims(&self) -> Result<Vec<Dims>> {
        let graph = self.graph()?;
        let dims = graph
            .inputs
            .iter()
            .map(|&node| graph.nodes[node].outputs[0].clone());
        Ok(dims.collect())
    }

    /// The shapes of output samples, one for each output.
    ///
    /// # Errors
    /// The input shape is not known yet.
    pub fn output_dims(&self) -> Result<Vec<Dims>> {
        let graph = self.graph()?;
        let dims = graph
            .outputs
            .iter()
            .map(|port| graph.nodes[port.node].outputs[port.output].clone());
        Ok(dims.collect())
    }

    /// The symbols that it goes from and to. Those of a model that was read or added up are the same each time.
    ///
    /// # Errors
    /// The input shape is not known yet.
    pub fn symbols(&self) -> Result<(Vec<Symbol>, Vec<Symbol>)> {
        let graph = self.graph()?;
        Ok((graph.from.clone(), graph.to.clone()))
    }

    /// How many values a pass holds for each sample: those of all results. Lengths that are not fixed count as 1.
    pub fn values_per_sample(&self) -> usize {
        let Ok(graph) = self.graph() else { return 0 };
        // A model inside is asked once, however often it is called.
        let inside = |member: &Member| member.layer().as_model().map_or(0, Self::values_per_sample);
        let inside: Vec<usize> = graph.members.iter().map(inside).collect();
        let values = |node: &graph::Node| {
            let own: usize = node.outputs.iter().map(Dims::size).sum();
            own.saturating_add(inside[node.member])
        };
        let sum = graph.nodes.iter().map(values);
        sum.fold(0, usize::saturating_add)
    }
}
