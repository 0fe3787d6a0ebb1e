//! Activation functions, by name or as a layer of their own.
use super::{Context, Mapping};
use crate::base::error::{Result, bail};
use crate::base::json::{Setting, Settings, Value, expected, json};
use crate::base::names::plain;
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::vec::Vec;

/// Whether a function is in this build: some always are, the rest with the feature `activations`.
macro_rules! is_there {
    (always) => {
        true
    };
    () => {
        cfg!(feature = "activations")
    };
}

/// Says that a function was left out.
#[cold]
fn lacking<T>(name: &str) -> Result<T> {
    bail!(
        State,
        "activation `{name}`: this module was built without it"
    );
}

macro_rules! activations {
    ($($variant:ident $name:literal $(| $alias:literal)* $($always:ident)?: $doc:literal, $x:ident => $formula:expr;)*) => {
        /// A function applied to every element (softmax: to the last axis).
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub enum Activation {
            /// `x`
            #[default]
            Linear,
            $(#[doc = $doc] $variant,)*
        }

        impl Activation {
            /// The name in configurations.
            pub fn name(self) -> &'static str {
                match self {
                    Activation::Linear => "linear",
                    $(Activation::$variant => $name,)*
                }
            }

            /// Applies it.
            ///
            /// # Errors
            /// Softmax of a tensor without a last axis, or too little memory.
            pub fn apply(self, x: &Tensor) -> Result<Tensor> {
                match self {
                    Activation::Linear => Ok(x.clone()),
                    $(Activation::$variant => {
                        if !is_there!($($always)?) {
                            return lacking($name);
                        }
                        let $x = x;
                        $formula
                    })*
                }
            }

            fn named(name: &str) -> Result<Self> {
                // A table that is looked through is a tenth of the code that compares with one name after the other.
                const NAMED: &[(&str, Activation, bool)] = &[
                    ("linear", Activation::Linear, true),
                    $(($name, Activation::$variant, is_there!($($always)?)),)*
                ];
                const ALIASES: &[(&str, Activation)] = &[$($(($alias, Activation::$variant),)*)*];
                let plain_name = plain(name);
                let alias = ALIASES.iter().find(|(alias, _)| plain_name == plain(alias));
                let found = NAMED.iter().find(|(known, activation, _)| match alias {
                    Some((_, meant)) => activation == meant,
                    None => plain_name == plain(known),
                });
                match found {
                    Some((_, activation, true)) => Ok(*activation),
                    Some((known, ..)) => lacking(known),
                    None => {
                        let names: Vec<&str> = NAMED.iter().map(|(known, ..)| *known).collect();
                        bail!(Name, "activation `{name}` is unknown; there are {}", names.join(", "))
                    }
                }
            }
        }
    };
}

activations! {
    Relu "relu" always: "`max(x, 0)`", x => Ok(x.room_for("relu")?.relu());
    Sigmoid "sigmoid" always: "`1 / (1 + exp(−x))`", x => Ok(x.room_for("sigmoid")?.sigmoid());
    Tanh "tanh" always: "`tanh(x)`", x => Ok(x.room_for("tanh")?.tanh());
    Softmax "softmax" always: "`exp(x) / Σ exp(x)` along the last axis", x => x.softmax();
    Elu "elu": "`x` if positive, else `exp(x) − 1` (Clevert et al. 2016)", x => elu(x);
    Selu "selu": "Scaled elu that keeps mean and variance (Klambauer et al. 2017)", x => selu(x);
    Gelu "gelu": "`x · Φ(x)` (Hendrycks and Gimpel 2016), exact", x => Ok(x.room_for("gelu")?.gelu());
    Swish "swish" | "silu": "`x · sigmoid(x)` (Ramachandran et al. 2017)", x => Ok(x.room_for("swish")?.swish());
    Softplus "softplus": "`ln(1 + exp(x))`", x => Ok(x.room_for("softplus")?.softplus());
    Softsign "softsign": "`x / (1 + |x|)`", x => softsign(x);
    HardSigmoid "hard_sigmoid": "`(x + 3) / 6` kept in 0 to 1", x => hard_sigmoid(x);
    Keras2HardSigmoid "keras2_hard_sigmoid": "`x / 5 + 1 / 2` kept in 0 to 1: the hard sigmoid of Keras 2 and TensorFlow.js", x => keras2_hard_sigmoid(x);
    Exponential "exponential" | "exp": "`exp(x)`", x => Ok(x.room_for("exp")?.exp());
    Relu6 "relu6": "`x` kept in 0 to 6", x => relu6(x);
    LeakyRelu "leaky_relu": "`x` if positive, else `0.2 x`", x => Ok(x.room_for("leaky_relu")?.leaky_relu(0.2));
    Celu "celu": "The same as `elu` (Barron 2017, with alpha 1)", x => elu(x);
    GeluNew "gelu_new" | "gelu_approximate": "`gelu` by way of `tanh`", x => gelu_new(x);
    HardSwish "hard_silu" | "hard_swish": "`x · hard_sigmoid(x)` (Howard et al. 2019)", x => x.mul(&hard_sigmoid(x)?);
    HardTanh "hard_tanh": "`x` kept in −1 to 1", x => Ok(x.room_for("hard_tanh")?.clamp(-1.0, 1.0));
    HardShrink "hard_shrink": "`x` where it is more than 0.5 from 0, else 0", x => hard_shrink(x);
    SoftShrink "soft_shrink": "`x` drawn 0.5 towards 0, at most to 0", x => soft_shrink(x);
    TanhShrink "tanh_shrink": "`x − tanh(x)`", x => x.sub(&x.room_for("tanh_shrink")?.tanh());
    LogSigmoid "log_sigmoid": "`ln(sigmoid(x))`, precise at both ends", x => log_sigmoid(x);
    LogSoftmax "log_softmax": "The logarithm of softmax along the last axis", x => x.log_softmax();
    SparseSigmoid "sparse_sigmoid": "`(x + 1) / 2` kept in 0 to 1", x => sparse_sigmoid(x);
    SparsePlus "sparse_plus": "0 below −1, `x` above 1, `(x + 1)² / 4` between", x => sparse_plus(x);
    Squareplus "squareplus": "`(x + √(x² + 4)) / 2` (Barron 2021)", x => squareplus(x);
    Mish "mish": "`x · tanh(softplus(x))` (Misra 2019)", x => Ok(x.room_for("mish")?.mish());
}

/// `exp(x) − 1` where `x` is negative, else 0. At 0 its slope is 1, that of relu 0, so their sum has the slope 1 there.
pub(super) fn below(x: &Tensor) -> Result<Tensor> {
    let clamped = x.room_for("clamp")?.clamp(f32::NEG_INFINITY, 0.0);
    Ok(clamped.room_for("expm1")?.expm1())
}

fn elu(x: &Tensor) -> Result<Tensor> {
    x.room_for("elu")?.relu().add(&below(x)?)
}

fn selu(x: &Tensor) -> Result<Tensor> {
    const ALPHA: f32 = 1.673_263_2;
    const SCALE: f32 = 1.050_701;
    let below = below(x)?.room_for("selu")?.scale(ALPHA);
    let sum = x.room_for("selu")?.relu().add(&below)?;
    Ok(sum.room_for("selu")?.scale(SCALE))
}

/// The slope is 0 at 0 and 1 at 6.
fn relu6(x: &Tensor) -> Result<Tensor> {
    let clamped = x.room_for("relu6")?.clamp(f32::NEG_INFINITY, 6.0);
    Ok(clamped.room_for("relu6")?.relu())
}

fn hard_sigmoid(x: &Tensor) -> Result<Tensor> {
    let kept = relu6(&x.room_for("hard_sigmoid")?.shift(3.0))?;
    Ok(kept.room_for("hard_sigmoid")?.scale(1.0 / 6.0))
}

fn keras2_hard_sigmoid(x: &Tensor) -> Result<Tensor> {
    let line = then(&then(x, |x| x.scale(0.2))?, |x| x.shift(0.5))?;
    then(&line, |x| x.clamp(0.0, 1.0))
}

/// What `f` makes of `x`, if there is memory for it.
fn then(x: &Tensor, f: impl Fn(&Tensor) -> Tensor) -> Result<Tensor> {
    Ok(f(x.room_for("activation")?))
}

fn gelu_new(x: &Tensor) -> Result<Tensor> {
    /// `√(2 / π)`
    const STEEP: f32 = 0.797_884_6;
    let cube = then(&then(x, Tensor::square)?.mul(x)?, |x| x.scale(0.044715))?;
    let bent = then(&then(&x.add(&cube)?, |x| x.scale(STEEP))?, Tensor::tanh)?;
    x.mul(&then(&then(&bent, |x| x.shift(1.0))?, |x| x.scale(0.5))?)
}

fn hard_shrink(x: &Tensor) -> Result<Tensor> {
    let beyond = then(&then(&x.detach(), Tensor::abs)?, |x| x.shift(-0.5))?;
    x.mul(&then(&beyond, Tensor::step)?)
}

fn soft_shrink(x: &Tensor) -> Result<Tensor> {
    let kept = then(x, |x| x.clamp(-0.5, 0.5))?;
    x.sub(&kept)
}

fn log_sigmoid(x: &Tensor) -> Result<Tensor> {
    then(
        &then(&then(x, Tensor::neg)?, Tensor::softplus)?,
        Tensor::neg,
    )
}

fn sparse_sigmoid(x: &Tensor) -> Result<Tensor> {
    let kept = then(x, |x| x.clamp(-1.0, 1.0))?;
    then(&then(&kept, |x| x.shift(1.0))?, |x| x.scale(0.5))
}

fn sparse_plus(x: &Tensor) -> Result<Tensor> {
    let above = then(&then(x, |x| x.shift(-1.0))?, Tensor::relu)?;
    then(&sparse_sigmoid(x)?, Tensor::square)?.add(&above)
}

fn squareplus(x: &Tensor) -> Result<Tensor> {
    let root = then(&then(x, Tensor::square)?, |x| x.shift(4.0))?;
    then(&then(&root, Tensor::sqrt)?.add(x)?, |x| x.scale(0.5))
}

fn softsign(x: &Tensor) -> Result<Tensor> {
    let size = x.room_for("softsign")?.abs();
    x.div(&size.room_for("softsign")?.shift(1.0))
}

impl Setting for Activation {
    fn read(value: &Value) -> Result<Self> {
        match value.as_str() {
            Some(name) => Activation::named(name),
            None => expected("an activation's name", value),
        }
    }
}

impl Activation {
    /// The layer's configuration: `activation` alone.
    pub(super) fn from_json(config: &Value) -> Result<Self> {
        Settings::new("Activation", config, &["activation"])?.required("activation")
    }
}

impl From<Activation> for Value {
    fn from(activation: Activation) -> Value {
        activation.name().into()
    }
}

impl Mapping for Activation {
    fn class_name(&self) -> &str {
        "Activation"
    }

    fn config(&self) -> Value {
        json!({ "activation": *self })
    }

    fn output_shape(&self, input: &[usize]) -> Result<Shape> {
        Shape::new(input)
    }

    fn transform(&self, x: &Tensor, _: &[Tensor], _: &mut Context) -> Result<Tensor> {
        Ok(x.clone())
    }

    fn activation(&self) -> Activation {
        *self
    }

    fn passes_mask(&self) -> bool {
        true
    }
}
