/** What happens inside the model when it looks at pictures. Loaded when somebody asks. */
import { call } from '../../engine/instance.js';
import type { LayersModel } from '../../nn/model.js';
import { Tensor } from '../../tensor/handle.js';
import { Held, samples } from '../../train/samples.js';
import type { Inspection } from '../../wasm/mapling.js';
import type { Inside } from '../protocol.js';

/** Pictures, one after the other, in the shape in which a model takes them. */
export function batchOf(model: LayersModel, pixels: Float32Array): Tensor {
  const shape = (model.inputShape as (number | null)[]).slice(1).map((length) => length ?? 1);
  const count = pixels.length / shape.reduce((size, length) => size * length, 1);
  return new Tensor(pixels, [count, ...shape], 'float32');
}

/** Computes everything inside `model` for pictures, `values` one after the other, and lets `look` see it. */
export function inspect<T>(model: LayersModel, values: Float32Array, look: (inside: Inspection) => T): T {
  const network = model.network.get('inspect');
  return Held.use((held) => {
    const all = samples(held, 'inspect', model.ends_(), batchOf(model, values));
    return look(held.keep(call((wasm) => new wasm.Inspection(network, all), 'inspect')));
  });
}

/** The probabilities, the last of what the layers give. */
export const answerOf = (inside: Inspection): Float32Array =>
  call(() => inside.values(inside.names().length - 1));

/** Everything inside the model for one picture; with `ofClass` how the score of that class depends on it. */
export const insideOf = (model: LayersModel, pixels: Float32Array, ofClass?: number): Inside =>
  inspect(model, pixels, (inside) =>
    call(() => ({
      pixels,
      probabilities: answerOf(inside),
      scores: inside.scores(),
      layers: inside.names().map((name, place) => ({
        name,
        shape: Array.from(inside.shape(place)).slice(1),
        values: inside.values(place),
        ...(ofClass === undefined ? {} : { gradient: inside.gradient(ofClass, place) }),
      })),
      ...(ofClass === undefined ? {} : { gradient: inside.gradient(ofClass) }),
    })),
  );
