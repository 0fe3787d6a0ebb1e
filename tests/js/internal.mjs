// Names that are public only because JavaScript has no word for anything else.

/** Public by accident of the language: how the package's own files talk to each other. */
export const INTERNAL = Object.entries({
  History: 'add',
  // A class of a user's own has to override these: by themselves they throw, or do nothing.
  Constraint: 'apply',
  'data.Dataset': 'iterator',
  Initializer: 'apply',
  Regularizer: 'apply',
  LayerInCore: 'enterHome makeHome forgetWeights',
  Layer: 'build call makeHandle ensureBuilt findWeights toCore',
  BuiltIn: 'makeHandle toCore',
  // A layer lets go of its weights as it is disposed of.
  LayerVariable: 'free pretend',
  ModelGraph:
    'enterHome makeHome makeHandle know forgetSymbols wire ensureBuilt makeWeights findWeights toCore dispose',
  Optimizer: 'core optimizer',
  SymbolicTensor: 'lend',
  Tensor: 'packed values identity isVariable isWatched',
  Variable: 'isCounted isScoped identity isVariable isWatched isWeight exists key makeRoom update',
}).flatMap(([type, members]) => members.split(' ').map((member) => `${type}#${member}`));
