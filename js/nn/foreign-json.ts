/** How models are read that other libraries wrote, where the parts are loaded that can. */
export const foreign: {
  /** Reads what TensorFlow.js or Keras 2 wrote; `io/places.ts` provides it. */
  architecture?: (where: string, json: unknown) => unknown;
  /** Reads what Keras 3 wrote: `keras-json.ts` what comes from here, `io/places.ts` the rest too. */
  keras?: (where: string, json: unknown) => unknown;
} = {};
