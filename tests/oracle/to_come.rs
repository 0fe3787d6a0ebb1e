/// Layers of the oracle that are not offered yet.
pub const LAYERS_TO_COME: &[&str] = &[
    "Conv1D",
    "Conv2DTranspose",
    "DepthwiseConv2D",
    "MaxPooling1D",
    "SeparableConv2D",
    "UpSampling2D",
];
