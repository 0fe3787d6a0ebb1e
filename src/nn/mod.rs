//! Layers, one file per family, and the models made of them. Names, defaults and meaning are Keras'.
//!
//! A [`Layer`] is its settings and a mapping; a [`Member`] is a layer with its name and weights; a [`Model`] is a graph
//! of members. The table of all layers is in `layers/mod.rs`.
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
