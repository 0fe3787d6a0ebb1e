//! The layers, one file per family, and the table of their classes: what a class is called, where it lies and to which
//! family it belongs. JavaScript's names of classes and the list in README.md follow from the table (`npm run build`).
//!
//! To add a layer: its file with the [`Mapping`](crate::nn::Mapping) or the [`Layer`] trait, its `mod` line, and its class
//! in the table.
use super::Layer;
use crate::base::error::{Result, bail};
use crate::base::json::Value;
use alloc::rc::Rc;

mod activations;
mod attention;
mod axes;
mod batch_normalization;
mod conv2d;
mod convolutions;
mod dense;
mod depthwise;
mod dropout;
mod edges;
#[cfg(feature = "embedding")]
mod embedding;
mod global_pooling;
mod group_normalization;
mod kernel_and_bias;
mod layer_normalization;
mod masking;
mod merge;
mod noise;
mod pooling;
mod prelu;
mod preprocessing;
mod recurrent;
mod shapes;
mod up_sampling;
mod wrappers;

// What settings of layers are made of.
pub use attention::single::ScoreMode;
pub use axes::AxisList;
pub use convolutions::OrCausal;
pub use edges::Edges;
pub use merge::dot::Axes;
pub use preprocessing::Span;
pub use preprocessing::categories::Encoding;
pub use preprocessing::colours::ValueRange;
pub use preprocessing::normalization::{Given, KeptAxes};
pub use preprocessing::places::Flips;
pub use recurrent::setting::{Cudnn, Stateful};
pub use up_sampling::Interpolation;
pub use wrappers::Inside;
pub use wrappers::bidirectional::Merge;

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

macro_rules! layers {
    (
        always { $($module:ident: $($always:ident),+;)* }
        $($family:literal $about:literal {
            $($(#[$only:meta])* $($path:ident)::+: $($class:ident),+;)*
        })*
    ) => {
        $(pub use $module::{$($always),+};)*
        $($($(#[$only])* pub use $($path)::+::{$($class),+};)*)*

        /// The class names of all layers, those of families that are left out too.
        pub const CLASS_NAMES: &[&str] = &[
            $($(stringify!($always),)+)*
            $($($(stringify!($class),)+)*)*
        ];

        /// How the layers that this build has are made of their configurations, by their classes.
        const MAKERS: &[(&str, Maker)] = &[
            $($((stringify!($always), |config| Ok(Rc::new($always::from_json(config)?))),)+)*
            $($($(
                #[cfg(feature = $family)]
                (stringify!($class), |config| Ok(Rc::new($class::from_json(config)?))),
            )+)*)*
        ];

        /// The families of layers that were left out, each with its classes.
        const LEFT_OUT: &[(&str, &[&str])] = &[
            $(
                #[cfg(not(feature = $family))]
                ($about, &[$($(stringify!($class)),+),*]),
            )*
        ];
    };
}

use super::activation;

// A row has the module and its classes. Those that the page's networks are made of are always there; the others come in
// families, which are cargo features: what `parse` cannot make is not linked into a module.
layers! {
    always {
        dense: Dense;
        conv2d: Conv2D;
        pooling: MaxPooling2D;
        shapes: Flatten, Reshape;
        dropout: Dropout;
        activation: Activation;
    }
    "pooling" "more pooling layers" {
        pooling: AveragePooling2D;
        global_pooling: GlobalAveragePooling1D, GlobalMaxPooling1D, GlobalAveragePooling2D, GlobalMaxPooling2D,
            GlobalAveragePooling3D, GlobalMaxPooling3D;
        pooling: AveragePooling1D, MaxPooling1D, AveragePooling3D, MaxPooling3D;
    }
    "convolution" "more convolutional layers" {
        convolutions: Conv1D, Conv3D, Conv2DTranspose, Conv3DTranspose;
        depthwise: DepthwiseConv2D, SeparableConv1D, SeparableConv2D;
    }
    "recurrent" "recurrent layers" {
        recurrent: SimpleRNN, GRU, LSTM, SimpleRNNCell, GRUCell, LSTMCell;
        recurrent::rnn: RNN;
        recurrent::stacked: StackedRNNCells;
        recurrent::conv_lstm: ConvLSTM2D, ConvLSTM2DCell;
    }
    "wrappers" "wrapper layers" {
        wrappers::bidirectional: Bidirectional;
        wrappers::time_distributed: TimeDistributed;
    }
    "normalization" "normalization layers" {
        batch_normalization: BatchNormalization;
        group_normalization: GroupNormalization;
        layer_normalization: LayerNormalization, RMSNormalization, UnitNormalization;
    }
    "embedding" "embedding and masking layers" {
        #[cfg(feature = "embedding")]
        embedding: Embedding;
        masking: Masking;
    }
    "merging" "merging layers" {
        merge::concatenate: Concatenate;
        merge::elementwise: Add, Subtract, Multiply, Average, Maximum, Minimum;
        merge::dot: Dot;
    }
    "activations" "activation layers" {
        activations: ReLU, LeakyReLU, ELU;
        prelu: PReLU, ThresholdedReLU;
        activations: Softmax, Rescaling, Identity;
    }
    "noise" "layers of noise" {
        noise: GaussianNoise, GaussianDropout, AlphaDropout, SpatialDropout1D, SpatialDropout2D, SpatialDropout3D,
            ActivityRegularization;
    }
    "attention" "attention layers" {
        attention::multi_head: MultiHeadAttention;
        attention::single: Attention, AdditiveAttention;
    }
    "reshaping" "more reshaping layers" {
        shapes: Permute, RepeatVector;
        edges: ZeroPadding1D, ZeroPadding2D, ZeroPadding3D, Cropping1D, Cropping2D, Cropping3D;
        up_sampling: UpSampling1D, UpSampling2D, UpSampling3D;
    }
    "preprocessing" "preprocessing layers" {
        preprocessing::sizes: Resizing, CenterCrop;
        preprocessing::categories: CategoryEncoding;
        preprocessing::places: RandomFlip, RandomRotation, RandomZoom, RandomTranslation;
        preprocessing::colours: RandomContrast, RandomBrightness;
        preprocessing::random_crop: RandomCrop;
        preprocessing::normalization: Normalization;
    }
}
