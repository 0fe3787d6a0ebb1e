/** How models are read and written as other libraries write them, where the parts are loaded that can. */
export const foreign: {
  /** Reads what TensorFlow.js or Keras 2 wrote; `io/places.ts` provides it. */
  architecture?: (where: string, json: unknown) => unknown;
  /** Reads what Keras 3 wrote: `keras-json.ts` what comes from here, `io/places.ts` the rest too. */
  keras?: (where: string, json: unknown) => unknown;
  /** What the core writes of a model, for Keras 3, under a name; `keras-json.ts` provides it. */
  tell?: (written: object, name: string) => { config: Record<string, unknown> };
} = {};
