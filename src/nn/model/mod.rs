//! Models: what they are made of, what they look like, how their weights are kept.
mod safetensors;
mod save;
mod sequential;
mod summary;

pub use sequential::{Sequential, Weight};
pub use summary::LayerSummary;
