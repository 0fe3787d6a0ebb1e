//! Four lanes of `f32`. (being built)
