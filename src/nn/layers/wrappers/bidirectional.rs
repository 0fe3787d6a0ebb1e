//! Sequences read both ways.
use super::{Inside, name_inside};
use crate::base::error::{Result, bail};
use crate::base::json::{Setting, Settings, Value, expected, json};
use crate::base::names::plain;
use crate::base::rng::Rng;
use crate::nn::layer::{Masks, Tensors};
use crate::nn::{Context, Dims, Layer, Member, RNN};
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::{format, rc::Rc, vec, vec::Vec};

/// How the outputs of both ways become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Merge {
    /// Their sum.
    Sum,
    /// Their product.
    Mul,
    /// Their mean.
    Ave,
    /// One behind the other.
    Concat,
}

impl Setting for Merge {
    fn read(value: &Value) -> Result<Self> {
        match value.as_str() {
            Some("sum") => Ok(Merge::Sum),
            Some("mul") => Ok(Merge::Mul),
            Some("ave") => Ok(Merge::Ave),
            Some("concat") => Ok(Merge::Concat),
            _ => expected("`sum`, `mul`, `ave`, `concat` or null", value),
        }
    }
}

impl From<Merge> for Value {
    fn from(merge: Merge) -> Value {
        match merge {
            Merge::Sum => "sum".into(),
            Merge::Mul => "mul".into(),
            Merge::Ave => "ave".into(),
            Merge::Concat => "concat".into(),
        }
    }
}

/// Reads each sequence with two recurrent layers, one from the first step to the last and one back, and puts their
/// outputs together; those of steps that do not count are 0. Initial states are given for the first layer, then for
/// the second, and last states come in the same order.
#[derive(Clone)]
pub struct Bidirectional {
    /// The recurrent layer that reads forward.
    pub layer: Rc<dyn Layer>,
    /// The one that reads back; made from the first where it is not given.
    pub backward_layer: Option<Rc<dyn Layer>>,
    /// How outputs are put together; where it is `None` they are two results.
    pub merge_mode: Option<Merge>,
    /// The same two layers with their names and weights.
    pub inside: Inside,
}

/// Settings that both layers share.
#[derive(Clone, Copy, PartialEq)]
struct Shared {
    sequences: bool,
    states: bool,
}

/// A setting of a recurrent layer.
fn flag(layer: &dyn Layer, key: &str) -> bool {
    let config = layer.config();
    // A layer of a language whose names are in camelCase says `returnSequences`.
    let fields = config.as_object().unwrap_or_default();
    let found = fields.iter().find(|(name, _)| plain(name) == plain(key));
    found.is_some_and(|(_, value)| value.as_bool() == Some(true))
}

/// A copy of a layer's configuration with this setting, if the layer has it.
fn set(config: &mut Value, key: &str, value: Value) {
    if let Value::Object(fields) = config
        && let Some((_, old)) = fields.iter_mut().find(|(name, _)| name == key)
    {
        *old = value;
    }
}

/// The layer with another `zero_output_for_mask`; a layer around a cell stays around that cell.
fn with_zeros(member: &Member, zeros: bool) -> Result<Member> {
    let any = member.layer().as_any();
    if let Some(rnn) = any.and_then(|any| any.downcast_ref::<RNN>()) {
        return Member::new(RNN {
            zero_output_for_mask: zeros,
            ..rnn.clone()
        });
    }
    changed(member.layer(), |config| {
        set(config, "zero_output_for_mask", zeros.into());
    })
}

/// The layer with other settings than its own.
fn changed(layer: &dyn Layer, change: impl FnOnce(&mut Value)) -> Result<Member> {
    let mut config = layer.config();
    change(&mut config);
    Member::parse(layer.class_name(), &config)
}

impl Bidirectional {
    /// A layer that reads both ways and gives both outputs, one behind the other.
    pub fn new(layer: impl Layer + 'static) -> Self {
        Bidirectional {
            layer: Rc::new(layer),
            backward_layer: None,
            merge_mode: Some(Merge::Concat),
            inside: Inside::default(),
        }
    }

    /// From a configuration, `{ "layer": { "class_name", "config" }, "backward_layer", "merge_mode" }`; `merge_mode` is
    /// `concat` where it is not given, and null means none.
    ///
    /// # Errors
    /// An unknown or missing key, or those of the layers.
    pub fn from_json(config: &Value) -> Result<Self> {
        let keys = &["layer", "backward_layer", "merge_mode"];
        let settings = Settings::new("Bidirectional", config, keys)?;
        let forward = Member::from_json(&settings.required("layer")?)?;
        let backward: Option<Value> = settings.optional("backward_layer")?;
        let backward = backward.as_ref().map(Member::from_json).transpose()?;
        let (merge_mode, _) = Self::merge_mode(config)?;
        Self::of(&forward, backward.as_ref(), merge_mode)
    }

    /// The same for layers that have names, or that others hold too.
    ///
    /// # Errors
    /// Layers that do not go together.
    pub fn of(
        forward: &Member,
        backward: Option<&Member>,
        merge_mode: Option<Merge>,
    ) -> Result<Self> {
        Ok(Bidirectional {
            layer: forward.shared_layer(),
            backward_layer: backward.map(Member::shared_layer),
            merge_mode,
            inside: Inside::of(pair(forward, backward)?),
        })
    }

    /// How a configuration says that outputs are put together, and the rest of it.
    ///
    /// # Errors
    /// A way that is unknown.
    pub fn merge_mode(config: &Value) -> Result<(Option<Merge>, Value)> {
        let Value::Object(fields) = config else {
            return Ok((Some(Merge::Concat), Value::Null));
        };
        let (own, rest): (Vec<_>, Vec<_>) = fields
            .iter()
            .cloned()
            .partition(|(key, _)| key == "merge_mode");
        let settings = Value::Object(own);
        let mode = match settings.get("merge_mode") {
            None => Some(Merge::Concat),
            Some(_) => Settings::new("Bidirectional", &settings, &["merge_mode"])?
                .optional("merge_mode")?,
        };
        Ok((mode, Value::Object(rest)))
    }

    /// The two layers.
    fn both(&self) -> Result<(&Member, &Member)> {
        let members = self.inside.get_or(|| {
            let forward = Member::of(self.layer.clone())?;
            let backward = self.backward_layer.clone().map(Member::of).transpose()?;
            pair(&forward, backward.as_ref())
        })?;
        Ok((&members[0], &members[1]))
    }

    fn shared(&self) -> Shared {
        Shared {
            sequences: flag(&*self.layer, "return_sequences"),
            states: flag(&*self.layer, "return_state"),
        }
    }

    /// The inputs of both layers: the sequences, and each one's half of the initial state.
    fn halves<T: Clone>(&self, inputs: &[T]) -> Result<[Vec<T>; 2]> {
        let Some((x, states)) = inputs.split_first() else {
            bail!(Shape, "Bidirectional: at least one input is expected");
        };
        if states.len() % 2 != 0 {
            bail!(
                Shape,
                "Bidirectional: there must be as many initial states for both ways, but there are {}",
                states.len()
            );
        }
        let (first, second) = states.split_at(states.len() / 2);
        Ok([first, second].map(|states| {
            let own = [x].into_iter().chain(states);
            own.cloned().collect()
        }))
    }

    /// The outputs of both layers as those of this one; `merge` makes one of two.
    fn merged<T: Clone>(
        &self,
        forward: &[T],
        backward: &[T],
        merge: impl FnOnce(Merge, &T, &T) -> Result<T>,
    ) -> Result<Vec<T>> {
        let (Some((a, first)), Some((b, second))) = (forward.split_first(), backward.split_first())
        else {
            bail!(Shape, "Bidirectional: a layer inside has no outputs");
        };
        let mut outputs = match self.merge_mode {
            Some(mode) => vec![merge(mode, a, b)?],
            None => vec![a.clone(), b.clone()],
        };
        outputs.extend(first.iter().chain(second).cloned());
        Ok(outputs)
    }
}

/// Both layers of a wrapper, with their names. Each gives zeros for steps that do not count, if all outputs are asked
/// for.
fn pair(forward: &Member, backward: Option<&Member>) -> Result<Vec<Member>> {
    let own = name_inside(forward);
    let own = own.strip_prefix("forward_").unwrap_or(&own);
    let zeros = |config: &mut Value| {
        let sequences = config["return_sequences"].clone();
        set(config, "zero_output_for_mask", sequences);
    };
    let reads = |member: &Member, key| flag(member.layer(), key);
    let known = crate::nn::CLASS_NAMES.contains(&forward.class_name());
    for key in ["go_backwards", "return_sequences"] {
        if known && forward.layer().config().get(key).is_none() {
            bail!(
                Value,
                "Bidirectional: `layer` must be a recurrent layer, not {}",
                forward.class_name()
            );
        }
    }
    let alike = |member: &Member| -> Result<Member> {
        let wanted = reads(member, "return_sequences");
        if !crate::nn::CLASS_NAMES.contains(&member.class_name())
            || reads(member, "zero_output_for_mask") == wanted
        {
            return Ok(member.clone());
        }
        let changed = with_zeros(member, wanted)?;
        changed.set_trainable(member.trainable());
        Ok(changed)
    };
    let first = alike(forward)?;
    let second = match backward {
        Some(backward) => alike(backward)?,
        None if known => {
            let made = changed(forward.layer(), |config| {
                let backwards = !config["go_backwards"].as_bool().unwrap_or(false);
                set(config, "go_backwards", backwards.into());
                zeros(config);
            })?;
            made.set_trainable(forward.trainable());
            made
        }
        None => bail!(
            Value,
            "Bidirectional: `backward_layer` must be given for a {}, which cannot be made from its configuration",
            forward.class_name()
        ),
    };
    if reads(&first, "go_backwards") == reads(&second, "go_backwards") {
        bail!(
            Value,
            "Bidirectional: `layer` and `backward_layer` must have different `go_backwards`"
        );
    }
    for key in ["return_sequences", "return_state", "stateful"] {
        if reads(&first, key) != reads(&second, key) {
            bail!(
                Value,
                "Bidirectional: `layer` and `backward_layer` must have the same `{key}`"
            );
        }
    }
    first.give_name(&format!("forward_{own}"));
    match backward.and_then(Member::name) {
        Some(name) => second.give_name(&name),
        None => second.give_name(&format!("backward_{own}")),
    }
    Ok(vec![first, second])
}

impl Layer for Bidirectional {
    fn class_name(&self) -> &str {
        "Bidirectional"
    }

    fn config(&self) -> Value {
        let Ok((forward, backward)) = self.both() else {
            return Value::Null;
        };
        json!({
            "layer": forward.to_json(),
            "backward_layer": backward.to_json(),
            "merge_mode": self.merge_mode
        })
    }

    fn check(&self) -> Result<()> {
        self.both().map(|_| ())
    }

    fn output_shapes(&self, inputs: &[Shape]) -> Result<Vec<Shape>> {
        let inputs: Vec<Dims> = inputs.iter().map(|input| Dims::fixed(input)).collect();
        let outputs = self.output_dims(&inputs)?;
        let shape = |dims: &Dims| dims.with(1);
        outputs.iter().map(shape).collect()
    }

    fn output_dims(&self, inputs: &[Dims]) -> Result<Vec<Dims>> {
        let (forward, backward) = self.both()?;
        let [first, second] = self.halves(inputs)?;
        let (first, second) = (forward.output_dims(&first)?, backward.output_dims(&second)?);
        self.merged(&first, &second, |mode, a, b| {
            let (Some((own, rest)), Some((other, others))) = (a.split_last(), b.split_last()) else {
                bail!(Shape, "Bidirectional: outputs have no axes");
            };
            if rest != others || mode != Merge::Concat && own != other {
                bail!(
                    Shape,
                    "Bidirectional: outputs of shapes {a:?} and {b:?} cannot be put together by `merge_mode`"
                );
            }
            let last = match mode {
                Merge::Concat => own.and_then(|own| Some(own.saturating_add((*other)?))),
                _ => *own,
            };
            Ok(Dims::new(rest.iter().copied().chain([last])))
        })
    }

    fn call(
        &self,
        inputs: &[Tensor],
        weights: &[Tensor],
        context: &mut Context,
    ) -> Result<Tensors> {
        let (forward, backward) = self.both()?;
        let [first, second] = self.halves(inputs)?;
        let count = forward.weight_count();
        let (own, other) = weights.split_at(count.min(weights.len()));
        let masks = context.masks;
        let first = forward.call(&first, own, &mut context.within(0, masks), false)?;
        let mut second = backward.call(&second, other, &mut context.within(count, masks), false)?;
        if self.shared().sequences
            && let Some(y) = second.first_mut()
        {
            // Outputs of all steps come in the order of reading.
            *y = y.reverse(&[1])?;
        }
        let outputs = self.merged(&first, &second, |mode, a, b| match mode {
            Merge::Sum => a.add(b),
            Merge::Mul => a.mul(b),
            Merge::Ave => Ok(a.add(b)?.room_for("bidirectional")?.scale(0.5)),
            Merge::Concat => Tensor::concat(&[a.clone(), b.clone()], -1),
        })?;
        Ok(outputs.into_iter().collect())
    }

    fn output_masks(&self, _: &[Tensor], context: &mut Context) -> Result<Masks> {
        let (Some(mask), shared) = (context.mask(0), self.shared()) else {
            return Ok(Masks::new());
        };
        if !shared.sequences {
            return Ok(Masks::new());
        }
        let outputs = if self.merge_mode.is_none() { 2 } else { 1 };
        let mut masks: Masks = vec![Some(mask.clone()); outputs].into_iter().collect();
        if shared.states {
            // At most two states each way.
            masks.resize(outputs + 4, None);
        }
        Ok(masks)
    }

    fn call_options(&self) -> &[&str] {
        &["initial_state"]
    }

    fn call_tensors(&self) -> &[&str] {
        &["initial_state"]
    }

    fn sublayers(&self) -> Vec<Member> {
        self.inside.all().to_vec()
    }

    fn missing_inside(&self, inputs: &[Dims]) -> Result<u64> {
        let (forward, backward) = self.both()?;
        let [first, second] = self.halves(inputs)?;
        let of_first = forward.missing_params(&first)?;
        Ok(of_first.saturating_add(backward.missing_params(&second)?))
    }

    fn build(&self, inputs: &[Dims], rng: &mut Rng) -> Result<()> {
        let (forward, backward) = self.both()?;
        let [first, second] = self.halves(inputs)?;
        for (member, inputs) in [(forward, first), (backward, second)] {
            let built = member.build(&inputs, rng);
            built.map_err(|error| member.at(error))?;
        }
        Ok(())
    }
}
