/** The members of Keras 3's `.keras` archives. */
export const METADATA = 'metadata.json';
/** Architecture, and what the model is compiled with. */
export const CONFIG = 'config.json';
/** Weights, and what the optimizer remembers. */
export const WEIGHTS = 'model.weights.h5';
