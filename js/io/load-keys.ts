/** How a model is asked for: the keys of `loadLayersModel`'s options. */
export const LOAD_KEYS = [
  'strict',
  'onProgress',
  'requestInit',
  'fetchFunc',
  'weightPathPrefix',
  'weightUrlConverter',
  'fromTFHub',
  'streamWeights',
] as const;
