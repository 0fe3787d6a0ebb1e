/// Layers of the oracle that are not offered yet.
pub const LAYERS_TO_COME: &[&str] = &[];
