//! Models as Keras writes them: configurations read and written. Those of models that are not a row stand in
//! `functional.rs`.
use super::Model;
use crate::base::error::{Result, bail};
use crate::base::json::{Fields, Setting, Value, json};
use crate::nn::{Dims, Member};
use alloc::vec::Vec;

/// Makes a layer from its configuration, `{ "class_name", "config" }`.
pub type LayerMaker<'a> = &'a mut dyn FnMut(&Value) -> Result<Member>;

impl Model {
    /// The architecture in Keras' form.
    pub fn to_json(&self) -> Value {
        let name: Value = self.name().into();
        if self.is_sequential() {
            let input = self
                .0
                .borrow()
                .row
                .as_ref()
                .and_then(|(_, dims)| dims.clone());
            let layer = |(index, member): (usize, Member)| {
                let mut json = member.to_json();
                if let (0, Some(dims)) = (index, &input)
                    && let Value::Object(fields) = &mut json
                    && let Some((_, Value::Object(config))) =
                        fields.iter_mut().find(|(key, _)| key == "config")
                    && member.layer().as_model().is_none()
                {
                    config.push(match dims.batch() {
                        Some(_) => ("batch_input_shape".into(), dims.batched()),
                        None => ("input_shape".into(), dims.clone().into()),
                    });
                }
                json
            };
            let layers: Vec<Value> = self.members().into_iter().enumerate().map(layer).collect();
            let mut config = Fields::new();
            if name != Value::Null {
                config.push(("name".into(), name));
            }
            config.push(("layers".into(), layers.into()));
            return json!({ "class_name": "Sequential", "config": Value::Object(config) });
        }
        self.functional_json()
    }

    /// A model from Keras' form; its weights come with [`build`](Model::build) or
    /// [`load_weights`](Model::load_weights).
    ///
    /// # Errors
    /// JSON of another form, layers that are not offered, or a graph that cannot be computed.
    pub fn from_json(json: &Value) -> Result<Self> {
        Self::from_json_with(json, &mut Member::from_json)
    }

    /// The same with layers made by `make`: of classes that this crate does not know, say.
    ///
    /// # Errors
    /// Those of `make`, and as for [`from_json`](Model::from_json).
    pub fn from_json_with(json: &Value, make: LayerMaker) -> Result<Self> {
        let config = &json["config"];
        let Some(layers) = config["layers"].as_array() else {
            bail!(
                Format,
                "model: expected {{ \"class_name\", \"config\": {{ \"layers\": […] }} }}"
            );
        };
        let model = match json["class_name"].as_str() {
            Some("Sequential") => sequential(layers, make)?,
            Some("Functional" | "Model") => super::functional::read(config, layers, make)?,
            _ => bail!(
                Format,
                "model: `class_name` must be Sequential or Functional, not {}",
                json["class_name"]
            ),
        };
        if let Some(name) = config["name"].as_str() {
            model.set_name(name);
        }
        if config["trainable"] == Value::Bool(false) {
            model.members().iter().for_each(|m| m.set_trainable(false));
        }
        Ok(model)
    }
}

/// The dims of an `InputLayer`'s configuration.
pub(super) fn input_dims(layer: &Value) -> Result<Dims> {
    let config = &layer["config"];
    let batched = ["batch_shape", "batch_input_shape"]
        .into_iter()
        .map(|key| &config[key])
        .find(|batched| batched.as_array().is_some_and(|all| !all.is_empty()));
    let dims = match batched {
        Some(batched) => Dims::read_batched(batched),
        _ => Dims::read(&config["input_shape"]),
    };
    dims.map_err(|error| error.within("InputLayer: `batch_shape`"))
}

fn sequential(layers: &[Value], make: LayerMaker) -> Result<Model> {
    let model = Model::sequential();
    for layer in layers {
        if layer["class_name"].as_str() == Some("InputLayer") {
            model.set_input(input_dims(layer)?)?;
            if let Some(name) = layer["config"]["name"].as_str() {
                model.name_input(name);
            }
        } else {
            model.add_member(&make(layer)?)?;
        }
    }
    Ok(model)
}
