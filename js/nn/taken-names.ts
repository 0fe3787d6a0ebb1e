/** The names of the library's classes, which classes of one's own cannot have. */

import { LAYER_CLASSES } from './class-names.js';

/** Models, and where they begin. */
const MODELS = 'InputLayer Sequential Functional Model';
/** The library's regularizers, constraints and initializers. */
const PARTS =
  'L1 L2 L1L2 OrthogonalRegularizer NonNeg MaxNorm UnitNorm MinMaxNorm Zeros Ones Constant RandomUniform RandomNormal ' +
  'TruncatedNormal GlorotUniform GlorotNormal HeUniform HeNormal LecunUniform LecunNormal Orthogonal ' +
  'Identity VarianceScaling';
const TAKEN: ReadonlySet<string> = /* @__PURE__ */ new Set(
  /* @__PURE__ */ `${LAYER_CLASSES} ${MODELS} ${PARTS}`.split(' '),
);

/** Whether a class of the library has this name: a model that was saved with that class is loaded with it. */
export const isTaken = (name: string): boolean => TAKEN.has(name);
