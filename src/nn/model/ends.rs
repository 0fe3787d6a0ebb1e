//! The names of a model's inputs and outputs.
use super::Model;
use super::graph::{Graph, Port};
use crate::base::error::{Result, bail};
use crate::base::names::Taken;
use alloc::{format, string::String, vec::Vec};

impl Model {
    /// The names of the inputs: those that they were [given](Model::name_ends), or those of their layers.
    ///
    /// # Errors
    /// The input shape is not known yet.
    pub fn input_names(&self) -> Result<Vec<String>> {
        if let [Some(given), _] = &self.0.borrow().ends {
            return Ok(given.clone());
        }
        let graph = self.graph()?;
        let names = graph.inputs.iter().map(|&node| graph.name_of(node));
        Ok(names.collect())
    }

    /// The names of the outputs: those that they were [given](Model::name_ends), or those of the layers that they come
    /// from. The second output of the layer `dense` is `dense_1`, as in Keras 2 and TensorFlow.js.
    ///
    /// # Errors
    /// The input shape is not known yet.
    pub fn output_names(&self) -> Result<Vec<String>> {
        if let [_, Some(given)] = &self.0.borrow().ends {
            return Ok(given.clone());
        }
        let graph = self.graph()?;
        match graph.outputs[..] {
            [only] => Ok([graph.name_of(only.node)].into()),
            _ => Ok(names_of_several(&graph)),
        }
    }

    /// Gives the only input a name of its own, whether or not its shape is known already.
    pub fn name_input(&self, name: &str) {
        self.0.borrow_mut().ends[0] = Some([name.into()].into());
    }

    /// Gives inputs and outputs names of their own, by which data, losses and metrics find them; `None` leaves those of
    /// the layers.
    ///
    /// # Errors
    /// Another number of names, or one that is there twice.
    pub fn name_ends(
        &self,
        inputs: Option<Vec<String>>,
        outputs: Option<Vec<String>>,
    ) -> Result<()> {
        let graph = self.graph()?;
        let counts = [graph.inputs.len(), graph.outputs.len()];
        for (names, count) in [&inputs, &outputs].into_iter().zip(counts) {
            let Some(names) = names else { continue };
            if names.len() != count {
                bail!(
                    Value,
                    "model: {count} inputs or outputs cannot have {} names",
                    names.len()
                );
            }
            if let Some(name) = Taken::of(names.iter().cloned()).twice() {
                bail!(Value, "model: two inputs or outputs are named `{name}`");
            }
        }
        self.0.borrow_mut().ends = [inputs, outputs];
        Ok(())
    }
}

/// The names of outputs where there are several.
fn names_of_several(graph: &Graph) -> Vec<String> {
    let mut taken = Taken::default();
    let name = |port: &Port| {
        let layer = graph.name_of(port.node);
        let (mut name, mut count) = (layer.clone(), 0);
        while taken.has(&name) {
            count += 1;
            name = format!("{layer}_{count}");
        }
        taken.take(name.clone());
        name
    };
    graph.outputs.iter().map(name).collect()
}
