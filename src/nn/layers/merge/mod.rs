//! Layers that make one tensor of several.
pub(super) mod concatenate;
pub(super) mod dot;
pub(super) mod elementwise;
