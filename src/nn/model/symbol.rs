//! Tensors that stand for what will be computed: calls of layers on earlier results, of which a model is made.
use crate::base::error::{Result, bail};
use crate::base::json::{Value, json};
use crate::nn::layer::{Context, Layer, Tensors};
use crate::nn::{Dims, Member};
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::{rc::Rc, vec, vec::Vec};

/// One result of a call.
#[derive(Clone)]
pub struct Symbol {
    call: Rc<Call>,
    output: usize,
}

/// A layer called on some symbols.
pub(crate) struct Call {
    pub(crate) member: Member,
    pub(crate) inputs: Vec<Symbol>,
    pub(crate) outputs: Vec<Dims>,
    /// What the call was given besides tensors, as JSON.
    pub(crate) options: Value,
}

impl Symbol {
    /// An input of a model: samples of this shape.
    pub fn input(dims: impl Into<Dims>) -> Symbol {
        let dims = dims.into();
        let layer = InputLayer { dims: dims.clone() };
        let member = Member::of(Rc::new(layer)).expect("any input will do");
        Self::of_input(member, dims)
    }

    /// The same under a name.
    ///
    /// # Errors
    /// An empty name.
    pub fn named_input(name: &str, dims: impl Into<Dims>) -> Result<Symbol> {
        let dims = dims.into();
        let member = Member::new(InputLayer { dims: dims.clone() })?.with_name(name)?;
        Ok(Self::of_input(member, dims))
    }

    /// The result of an input layer.
    pub(crate) fn of_input(member: Member, dims: Dims) -> Symbol {
        let call = Call {
            member,
            inputs: Vec::new(),
            outputs: vec![dims],
            options: Value::Null,
        };
        Symbol {
            call: Rc::new(call),
            output: 0,
        }
    }

    /// The shape of a sample.
    pub fn dims(&self) -> &Dims {
        &self.call.outputs[self.output]
    }

    /// The layer that it is a result of.
    pub fn member(&self) -> &Member {
        &self.call.member
    }

    /// Which of the call's results it is.
    pub fn output(&self) -> usize {
        self.output
    }

    /// What the layer was called on; empty for an input.
    pub fn inputs(&self) -> &[Symbol] {
        &self.call.inputs
    }

    /// A number that the call has as long as it lives.
    pub fn place(&self) -> usize {
        Rc::as_ptr(&self.call).addr()
    }

    pub(crate) fn call(&self) -> &Rc<Call> {
        &self.call
    }
}

impl Call {
    pub(crate) fn is_input(&self) -> bool {
        self.inputs.is_empty()
    }
}

/// Frees a chain of calls without recursion: a model may be thousands of layers deep.
impl Drop for Call {
    fn drop(&mut self) {
        let mut pending = core::mem::take(&mut self.inputs);
        while let Some(symbol) = pending.pop() {
            if let Some(mut call) = Rc::into_inner(symbol.call) {
                pending.append(&mut call.inputs);
            }
        }
    }
}

impl Member {
    /// Calls the layer on symbols: its results, which a [`Model`](super::Model) can be made of.
    ///
    /// # Errors
    /// Inputs that it cannot take.
    pub fn apply(&self, inputs: &[Symbol]) -> Result<Vec<Symbol>> {
        self.apply_with(inputs, Value::Null)
    }

    /// The same with what the call takes besides tensors.
    ///
    /// # Errors
    /// Inputs or options that it cannot take.
    pub fn apply_with(&self, inputs: &[Symbol], options: Value) -> Result<Vec<Symbol>> {
        if inputs.is_empty() {
            bail!(Value, "layer {}: apply: there are no inputs", self.title());
        }
        let known = self.layer().call_options();
        for (key, value) in options.as_object().unwrap_or_default() {
            if !known.contains(&&**key) {
                bail!(
                    Value,
                    "layer {}: apply: `{key}` cannot be given here: {value}",
                    self.title()
                );
            }
        }
        let options = match (self.layer().call_tensors(), &options) {
            // Inputs after the first can be nothing else.
            (&[key], Value::Null) if inputs.len() > 1 => {
                let places: Vec<usize> = (1..inputs.len()).collect();
                Value::Object([(key.into(), places.into())].into())
            }
            _ => options,
        };
        let arranged = self.layer().arrange(inputs.len(), options);
        let (order, options) = arranged.map_err(|error| self.at(error))?;
        let inputs: Vec<Symbol> = order.iter().map(|&place| inputs[place].clone()).collect();
        let dims: Vec<Dims> = inputs.iter().map(|symbol| symbol.dims().clone()).collect();
        if self.layer().joins_batches(&dims) {
            bail!(
                Value,
                "layer {}: {}: its result would have more samples than each of its inputs, and those of a model keep their number: it can only be applied to tensors",
                self.title(),
                self.class_name()
            );
        }
        let outputs = self.output_dims_with(&dims, &options);
        let outputs = outputs.map_err(|error| self.at(error))?;
        let batch = dims[0].batch();
        let outputs: Vec<Dims> = outputs.into_iter().map(|y| y.of_batch(batch)).collect();
        let count = outputs.len();
        let call = Rc::new(Call {
            member: self.clone(),
            inputs,
            outputs,
            options,
        });
        let symbol = |output| Symbol {
            call: call.clone(),
            output,
        };
        Ok((0..count).map(symbol).collect())
    }
}

/// Calling a layer that nothing else needs to know.
pub trait Apply: Layer + Sized + 'static {
    /// The layer's result for `x`.
    ///
    /// # Errors
    /// Settings that make no sense, an input that it cannot take, or more than one result.
    fn of(self, x: &Symbol) -> Result<Symbol> {
        self.of_all(&[x])
    }

    /// The layer's result for several inputs.
    ///
    /// # Errors
    /// As for [`of`](Apply::of).
    fn of_all(self, inputs: &[&Symbol]) -> Result<Symbol> {
        let member = Member::new(self)?;
        let inputs: Vec<Symbol> = inputs.iter().map(|&symbol| symbol.clone()).collect();
        let mut outputs = member.apply(&inputs)?;
        match (outputs.pop(), outputs.is_empty()) {
            (Some(output), true) => Ok(output),
            _ => bail!(
                Value,
                "{}: it has several results; make a Member of it and apply that",
                member.class_name()
            ),
        }
    }
}

impl<L: Layer + 'static> Apply for L {}

/// The layer that stands for an input.
pub(crate) struct InputLayer {
    dims: Dims,
}

impl InputLayer {
    pub(crate) fn new(dims: Dims) -> Self {
        InputLayer { dims }
    }
}

impl Layer for InputLayer {
    fn class_name(&self) -> &str {
        "InputLayer"
    }

    fn config(&self) -> Value {
        json!({ "batch_shape": self.dims.batched() })
    }

    fn output_shapes(&self, inputs: &[Shape]) -> Result<Vec<Shape>> {
        Ok(inputs.to_vec())
    }

    fn call(&self, inputs: &[Tensor], _: &[Tensor], _: &mut Context) -> Result<Tensors> {
        Ok(inputs.iter().cloned().collect())
    }
}
