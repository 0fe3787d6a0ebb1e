/** The names of settings that may be regularizers, constraints or initializers of one's own. */
export const PART_KEY = /(Regularizer|Constraint|Initializer)$/;
