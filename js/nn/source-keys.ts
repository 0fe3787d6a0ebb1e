/** The keys of a model that was written down (`ModelSource`). */
export const SOURCE_KEYS = [
  'json',
  'weights',
  'compile',
  'inputShape',
  'seed',
  'optimizerState',
  'states',
  'generator',
  'run',
  'step',
];
