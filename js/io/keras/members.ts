/** The members of Keras 3's `.keras` archives, and the version of Keras whose form they have here. */
export const METADATA = 'metadata.json';
/** Architecture, and what the model is compiled with. */
export const CONFIG = 'config.json';
/** Weights, and what the optimizer remembers. */
export const WEIGHTS = 'model.weights.h5';

export const KERAS_VERSION = '3.15.1';
