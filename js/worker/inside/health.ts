/** How the layers of a model are doing: sizes of weights and gradients, and units that never answer. Loaded when asked for. */
import { fault } from '../../engine/errors.js';
import { call } from '../../engine/instance.js';
import { nextTurn } from '../../engine/turn.js';
import type { LayersModel } from '../../nn/model.js';
import type { Health } from '../protocol.js';
import { inspect } from './inspect.js';
import { gradientsOf, sizeOf, weighed } from './sizes.js';

/** So many digits must leave a unit cold before it counts as dead. */
const DIGITS = 500;
/** So many at once: others get their turn in between. */
const PIECE = 25;
/** So many are enough to see how large a gradient is. */
const FOR_GRADIENT = 100;
const PIXELS = 28 * 28;

const floats = (bytes: Uint8Array): Float32Array => Float32Array.from(bytes, (byte) => byte / 255);

/** Marks the units of each layer that answer to some of these pictures: of a map, anywhere. */
function awaken(model: LayersModel, pixels: Float32Array, awake: Map<string, Uint8Array>): void {
  inspect(model, pixels, (inside) =>
    call(() => {
      inside.names().forEach((name, place) => {
        const units = inside.shape(place).at(-1) ?? 1;
        const marks = awake.get(name) ?? new Uint8Array(units);
        inside.values(place).forEach((value, at) => {
          if (value !== 0) marks[at % units] = 1;
        });
        awake.set(name, marks);
      });
    }),
  );
}

/** `bytes` are the pictures of the test set. Stops once `isWanted` says no. */
export async function health(
  model: LayersModel,
  bytes: Uint8Array,
  labels: ArrayLike<number>,
  isWanted: () => boolean,
): Promise<Omit<Health, 'step'>> {
  const digits = Math.min(DIGITS, bytes.length / PIXELS);
  const awake = new Map<string, Uint8Array>();
  for (let from = 0; from < digits; from += PIECE) {
    awaken(model, floats(bytes.subarray(from * PIXELS, Math.min(digits, from + PIECE) * PIXELS)), awake);
    await nextTurn();
    if (!isWanted()) throw fault('state', 'digits.health: nobody waits for the answer any more');
  }
  const few = Math.min(FOR_GRADIENT, digits);
  const some = floats(bytes.subarray(0, few * PIXELS));
  const { gradients } = gradientsOf(
    model,
    some,
    Array.from({ length: few }, (_, at) => labels[at]!),
  );
  const layers = weighed(model);
  return {
    digits,
    layers: layers.map(({ name, className, weights }, at) => {
      const marks = at < layers.length - 1 ? awake.get(name) : undefined;
      return {
        name,
        className,
        weightSize: sizeOf(weights.map(({ values }) => sizeOf(values))),
        gradientSize: sizeOf(weights.map(({ name }) => sizeOf(gradients.get(name) ?? []))),
        units: weights[0]!.shape.at(-1) ?? 1,
        dead: marks ? marks.reduce((sum, mark) => sum + (mark ? 0 : 1), 0) : 0,
      };
    }),
  };
}
