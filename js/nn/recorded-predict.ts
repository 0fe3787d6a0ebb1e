/** `predict` within a function whose gradients are asked for: a call of the model, through which they flow. */
import { shaped } from '../tensor/rearrange.js';
import { fitted, inputsOf } from '../train/samples.js';
import { single } from './args.js';
import { atWork } from './at-work.js';
import { inRecording } from './model.js';

inRecording.predict = (model, x) => {
  // What a layer asks of another model while it is at work is no part of its mapping.
  if (atWork()) return undefined;
  const where = 'predict';
  const ends = model.ends_();
  const inputs = inputsOf(where, x, ends).map((input, at) => {
    const [count = 0, ...sample] = input.shape;
    const wanted = fitted(sample, ends.inputDims?.[at]);
    return wanted === sample ? input : shaped(where, input, [count, ...wanted]);
  });
  return model.apply(single(inputs));
};
