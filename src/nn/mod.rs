//! Layers, one file per family, and the models made of them. Names, defaults and meaning are Keras'.
//!
//! A [`Layer`] is its settings and a mapping; a [`Member`] is a layer with its name and weights; a [`Model`] is a graph
//! of members. To add a layer: its file with the [`Mapping`] or the [`Layer`] trait, and its name in the list in
//! [`parse`](fn@parse).
use crate::base::error::{Result, bail};
use crate::base::json::Value;
use alloc::rc::Rc;

mod activation;
mod constraint;
mod dims;
mod init;
pub mod layer;
mod layers;
mod member;
mod model;
mod own_parts;
mod pair;
mod regularizer;
mod seed;

pub use activation::Activation;
pub use constraint::Constraint;
pub use dims::Dims;
pub use init::Initializer;
pub use layer::{Carried, Context, Effects, Layer, Mapping, Masks, Tensors, WeightSpec};
pub use layers::*;
pub use member::{Member, Weight};
pub(crate) use model::Built;
pub use model::{Apply, Inspection, LayerSummary, Model, Symbol, name_members};
pub use own_parts::{Action, OfTensor, OwnPart};
pub use pair::{Pair, Sizes};
pub use regularizer::{Orthogonal, Regularizer};
pub use seed::Seed;

type Maker = fn(&Value) -> Result<Rc<dyn Layer>>;

/// The layer of class `class_name` with this configuration.
///
/// # Errors
/// An unknown class, one whose family this build lacks, an unknown or missing key, or a value out of range.
pub fn parse(class_name: &str, config: &Value) -> Result<Rc<dyn Layer>> {
    match MAKERS.iter().find(|(class, _)| *class == class_name) {
        Some((_, make)) => make(config),
        None => unknown(class_name),
    }
}

macro_rules! layers {
    ([$($always:ident),*]; $($family:literal $about:literal: [$($class:ident),*];)*) => {
        /// The class names of all layers, those of families that are left out too.
        pub const CLASS_NAMES: &[&str] = &[$(stringify!($always),)* $($(stringify!($class),)*)*];

        /// How the layers that this build has are made of their configurations, by their classes.
        const MAKERS: &[(&str, Maker)] = &[
            $((stringify!($always), |config| Ok(Rc::new($always::from_json(config)?))),)*
            $($(
                #[cfg(feature = $family)]
                (stringify!($class), |config| Ok(Rc::new($class::from_json(config)?))),
            )*)*
        ];

        /// The families of layers that were left out, each with its classes.
        const LEFT_OUT: &[(&str, &[&str])] = &[
            $(
                #[cfg(not(feature = $family))]
                ($about, &[$(stringify!($class)),*]),
            )*
        ];
    };
}

/// Says that a layer's family was left out, or that there is no such class.
#[cold]
fn unknown(class_name: &str) -> Result<Rc<dyn Layer>> {
    if let Some((family, _)) = LEFT_OUT
        .iter()
        .find(|(_, classes)| classes.contains(&class_name))
    {
        bail!(
            State,
            "layer `{class_name}`: this module was built without {family}"
        );
    }
    bail!(
        Name,
        "layer `{class_name}` is unknown; there are {}",
        CLASS_NAMES.join(", ")
    );
}

// Families of layers are cargo features: what `parse` cannot make is not linked into a module.
layers! {
    [Dense, Conv2D, MaxPooling2D, Flatten, Reshape, Dropout, Activation];
    "pooling" "more pooling layers": [
        AveragePooling2D, GlobalAveragePooling1D, GlobalMaxPooling1D, GlobalAveragePooling2D, GlobalMaxPooling2D,
        GlobalAveragePooling3D, GlobalMaxPooling3D, AveragePooling1D, MaxPooling1D, AveragePooling3D, MaxPooling3D
    ];
    "convolution" "more convolutional layers": [
        Conv1D, Conv3D, Conv2DTranspose, Conv3DTranspose, DepthwiseConv2D, SeparableConv1D, SeparableConv2D
    ];
    "recurrent" "recurrent layers": [
        SimpleRNN, GRU, LSTM, SimpleRNNCell, GRUCell, LSTMCell, RNN, StackedRNNCells, ConvLSTM2D, ConvLSTM2DCell
    ];
    "wrappers" "wrapper layers": [Bidirectional, TimeDistributed];
    "normalization" "normalization layers": [
        BatchNormalization, GroupNormalization, LayerNormalization, RMSNormalization, UnitNormalization
    ];
    "embedding" "embedding and masking layers": [Embedding, Masking];
    "merging" "merging layers": [Concatenate, Add, Subtract, Multiply, Average, Maximum, Minimum, Dot];
    "activations" "activation layers": [
        ReLU, LeakyReLU, ELU, PReLU, ThresholdedReLU, Softmax, Rescaling, Identity
    ];
    "noise" "layers of noise": [
        GaussianNoise, GaussianDropout, AlphaDropout, SpatialDropout1D, SpatialDropout2D, SpatialDropout3D,
        ActivityRegularization
    ];
    "attention" "attention layers": [MultiHeadAttention, Attention, AdditiveAttention];
    "reshaping" "more reshaping layers": [
        Permute, RepeatVector, ZeroPadding1D, ZeroPadding2D, ZeroPadding3D, Cropping1D, Cropping2D, Cropping3D,
        UpSampling1D, UpSampling2D, UpSampling3D
    ];
    "preprocessing" "preprocessing layers": [
        Resizing, CenterCrop, CategoryEncoding, RandomFlip, RandomRotation, RandomZoom, RandomTranslation,
        RandomContrast, RandomBrightness, RandomCrop, Normalization
    ];
}
