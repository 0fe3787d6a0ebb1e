/** Options, or a number in their place, as programs for TensorFlow.js sometimes have it: the batch size. */
export const sizeOrOptions = <Options>(given: Options): Options =>
  typeof given === 'number' ? ({ batchSize: given } as Options) : given;
