//! Layers as Keras writes them, with the settings that every layer may have.
use super::Member;
use crate::base::error::{Error, Result, bail};
use crate::base::json::{Settings, Value, json, unknown_key};
use crate::base::names::alike;
use crate::nn::{Dims, Layer, Model};
use crate::tensor::shape::MAX_RANK;
use alloc::{rc::Rc, string::String, vec::Vec};

impl Member {
    /// From Keras' form: `{ "class_name", "config" }`, of a layer or of a model.
    ///
    /// # Errors
    /// An unknown class or key, or a value out of range.
    pub fn from_json(json: &Value) -> Result<Self> {
        let Some(class_name) = json["class_name"].as_str() else {
            bail!(Format, "a layer without a `class_name`: {json}");
        };
        if !matches!(class_name, "Sequential" | "Functional" | "Model") {
            return Self::parse(class_name, &json["config"]);
        }
        let member = Self::new(Model::from_json(json)?)?;
        if json["config"]["trainable"] == Value::Bool(false) {
            member.set_trainable(false);
        }
        match json["config"]["name"].as_str().or(json["name"].as_str()) {
            Some(name) => member.with_name(name),
            None => Ok(member),
        }
    }

    /// The layer of this class with this configuration, Keras' keys.
    ///
    /// # Errors
    /// An unknown class or key, or a value out of range.
    pub fn parse(class_name: &str, config: &Value) -> Result<Self> {
        Self::parse_as(class_name, config, &|own| crate::nn::parse(class_name, own))
    }

    /// The same for a layer that `of` makes of the keys that are not every layer's.
    ///
    /// # Errors
    /// Those of `of`, or a value out of range.
    pub(crate) fn parse_as(
        class_name: &str,
        config: &Value,
        of: &dyn Fn(&Value) -> Result<Rc<dyn Layer>>,
    ) -> Result<Self> {
        let (common, own) = Common::of(class_name, config)?;
        let layer = of(&own);
        let layer = layer.map_err(|error| Common::misspelt(class_name, &own).unwrap_or(error))?;
        common.applied_to(Self::of(layer)?)
    }

    /// A layer with what every layer's configuration may have: `name`, `trainable`, `input_shape`.
    ///
    /// # Errors
    /// Other keys, or values that make no sense.
    pub fn with_common(layer: Rc<dyn Layer>, common: &Value) -> Result<Self> {
        let (common, rest) = Common::of(layer.class_name(), common)?;
        Settings::new(layer.class_name(), &rest, &[])?;
        common.applied_to(Self::of(layer)?)
    }

    /// Its configuration in Keras' form, `{ "class_name", "config" }`.
    pub fn to_json(&self) -> Value {
        let mut config = self.0.layer.config();
        let state = self.0.state.borrow();
        if let Value::Object(fields) = &mut config {
            if let Some(name) = &state.name {
                fields.retain(|(key, _)| key != "name");
                fields.insert(0, ("name".into(), name.clone().into()));
            }
            for part in self.own_parts() {
                if let Some((_, value)) = fields.iter_mut().find(|(key, _)| *key == part.key) {
                    *value = part.written.clone();
                }
            }
            if !state.trainable {
                fields.retain(|(key, _)| key != "trainable");
                fields.push(("trainable".into(), false.into()));
            }
        }
        json!({ "class_name": self.class_name(), "config": config })
    }
}

/// What every layer's configuration may have.
pub(crate) struct Common {
    name: Option<String>,
    trainable: bool,
    pub(crate) input_shape: Option<Dims>,
}

impl Common {
    const KEYS: [&str; 9] = [
        "name",
        "trainable",
        "input_shape",
        "batch_input_shape",
        "batch_shape",
        "dtype",
        "quantization_config",
        "sparse",
        "ragged",
    ];

    /// What is wrong with a configuration that a layer has refused, if one of its keys was meant to be one that every
    /// layer may have.
    fn misspelt(class_name: &str, own: &Value) -> Option<Error> {
        let keys = own.as_object()?.iter().map(|(key, _)| &**key);
        let mut misspelt = keys.filter(|key| alike(key, Self::KEYS).is_some());
        Some(unknown_key(class_name, misspelt.next()?, &Self::KEYS))
    }

    /// Takes the keys that every layer may have out of its configuration.
    pub(crate) fn of(class_name: &str, config: &Value) -> Result<(Self, Value)> {
        let (every, own) = match config {
            Value::Object(fields) => {
                let (every, own) = fields
                    .iter()
                    .cloned()
                    .partition(|(key, _)| Self::KEYS.contains(&&**key));
                (Value::Object(every), Value::Object(own))
            }
            other => (Value::Null, other.clone()),
        };
        let settings = Settings::new(class_name, &every, &Self::KEYS)?;
        for key in ["sparse", "ragged"] {
            if settings.or(key, false)? {
                bail!(Value, "{class_name}: `{key}` tensors are not offered");
            }
        }
        let batched: Option<Vec<Value>> = settings
            .optional("batch_shape")?
            .or(settings.optional("batch_input_shape")?);
        let shape: Option<Dims> = match (settings.optional("input_shape")?, batched) {
            (None, Some(batched)) => Some(Dims::read_batched(&Value::Array(batched))?),
            (shape, _) => shape,
        };
        if let Some(shape) = &shape
            && (shape.len() >= MAX_RANK || shape.contains(&Some(0)) || shape.batch() == Some(0))
        {
            bail!(
                Shape,
                "{class_name}: input shape {shape:?}: up to five sizes of at least 1 are expected"
            );
        }
        let common = Common {
            name: settings.optional("name")?,
            trainable: settings.or("trainable", true)?,
            input_shape: shape,
        };
        Ok((common, own))
    }

    pub(crate) fn applied_to(self, member: Member) -> Result<Member> {
        let member = match &self.name {
            Some(name) => member.with_name(name)?,
            None => member,
        };
        if !self.trainable {
            member.set_trainable(false);
        }
        member.0.state.borrow_mut().input_shape = self.input_shape;
        Ok(member)
    }
}
