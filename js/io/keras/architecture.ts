/** Architectures in Keras 3's form, from those that the core writes. */

import { snakeKeys } from '../../engine/errors.js';
import { isArray } from '../../engine/look.js';
import { moveEnds } from '../../nn/model-ends.js';
import { isTaken } from '../../nn/taken-names.js';
import type { Written } from '../portable.js';
import { named, withModules } from './modules.js';
import { inner, isModel, type KerasObject, layersOf, snakeCase } from './written.js';

/** The keys that say what a first layer is given, which Keras 3 tells by an `InputLayer`. */
const GIVEN = ['batch_input_shape', 'batch_shape', 'input_shape'];

/** The batch shape that a layer in a row says it is given, or that the first layer inside it does. */
function givenShape(where: string, layer: KerasObject | undefined): (number | null)[] | undefined {
  if (!layer) return undefined;
  for (const key of GIVEN) {
    const shape = layer.config[key];
    if (isArray(shape)) return (key === 'input_shape' ? [null, ...shape] : shape) as (number | null)[];
  }
  return isModel(layer) ? givenShape(where, layersOf(where, layer)[0]) : undefined;
}

const inputLayer = (shape: (number | null)[]): KerasObject =>
  named(
    'InputLayer',
    { batch_shape: shape, dtype: 'float32', sparse: false, ragged: false, name: 'input_layer' },
    'keras.layers',
  );

/** A model's or layer's configuration as Keras 3 reads it. */
export function kerasForm(where: string, written: KerasObject | Written, depth = 0): KerasObject {
  const source = written as KerasObject;
  if (isModel(source)) return modelForm(where, source, depth);
  const isOwn = !isTaken(source.class_name);
  const own = { ...(isOwn ? (snakeKeys(source.config) as Record<string, unknown>) : source.config) };
  // Wrapped layers may be models.
  for (const key of ['layer', 'backward_layer']) {
    const inside = inner(source, key);
    if (inside) own[key] = kerasForm(where, inside, depth + 1);
  }
  return besides(source, named(source.class_name, withModules(own), 'keras.layers'));
}

/** A form with what stands beside the settings. */
const besides = ({ name, inbound_nodes }: KerasObject, form: KerasObject): KerasObject => ({
  ...form,
  ...(name !== undefined && { name }),
  ...(inbound_nodes && { inbound_nodes }),
});

function modelForm(where: string, source: KerasObject, depth: number): KerasObject {
  const { class_name: className } = source;
  // Keras wants a name, and a model that was given none has none here.
  const config: Record<string, unknown> = {
    ...source.config,
    name: source.config.name ?? snakeCase(className),
  };
  const given = layersOf(where, source, depth);
  const layers = given.map((layer) => kerasForm(where, layer, depth + 1));
  const form = named(className, config, 'keras');
  if (className === 'Sequential') {
    const [first] = layers;
    const shape = givenShape(where, given[0]);
    const isInput = first?.class_name === 'InputLayer';
    if (first && !isInput) for (const key of GIVEN) delete first.config[key];
    config.layers = shape && first && !isInput && !isModel(first) ? [inputLayer(shape), ...layers] : layers;
    if (shape) {
      config.build_input_shape = shape;
      form.build_config = { input_shape: shape };
    }
  } else {
    config.layers = layers;
    config.input_layers = moveEnds(layers, config.input_layers, 1);
    config.output_layers = moveEnds(layers, config.output_layers, 1);
    form.module = 'keras.src.models.functional';
  }
  return besides(source, form);
}
