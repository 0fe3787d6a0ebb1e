/** Architectures in Keras 3's form, from those that the core writes. */

import { snakeKeys } from '../../engine/errors.js';
import { isArray, isObject } from '../../engine/look.js';
import { isTaken } from '../../nn/taken-names.js';
import type { Written } from '../portable.js';
import { endsOut } from './ends.js';
import { named, withModules } from './modules.js';
import { inner, isKerasObject, isModel, type KerasObject, layersOf, snakeCase } from './written.js';

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
    {
      class_name: 'InputLayer',
      config: { batch_shape: shape, dtype: 'float32', sparse: false, ragged: false, name: 'input_layer' },
    },
    'keras.layers',
  );

/** Settings without those that Keras takes for some classes alone, where they say nothing; inside wrappers and cells too. */
function known(config: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(config).filter(([key, value]) => key !== 'use_cudnn' || value !== null);
  const inside = (value: unknown): unknown =>
    isObject(value) && isKerasObject(value) ? { ...value, config: known(value.config) } : value;
  return Object.fromEntries(entries.map(([key, value]) => [key, inside(value)]));
}

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
  const form = named({ class_name: source.class_name, config: withModules(known(own)) }, 'keras.layers');
  // Wrappers' layers are in Keras' form already, with what stands beside the settings.
  for (const key of ['layer', 'backward_layer']) if (inner(source, key)) form.config[key] = own[key];
  const { name, inbound_nodes } = source;
  return {
    ...form,
    ...(name === undefined ? {} : { name }),
    ...(inbound_nodes ? { inbound_nodes } : {}),
  };
}

function modelForm(where: string, source: KerasObject, depth: number): KerasObject {
  const { name, inbound_nodes, class_name: className } = source;
  // Keras wants a name, and a model that was given none has none here.
  const config: Record<string, unknown> = {
    ...source.config,
    name: source.config.name ?? snakeCase(className),
  };
  const layers = layersOf(where, source, depth).map((layer) => kerasForm(where, layer, depth + 1));
  if (className === 'Sequential') {
    const shape = givenShape(where, layersOf(where, source, depth)[0]);
    for (const key of GIVEN)
      if (layers[0] && layers[0].class_name !== 'InputLayer') delete layers[0].config[key];
    const isFirst = shape && layers[0]?.class_name !== 'InputLayer' && !(layers[0] && isModel(layers[0]));
    config.layers = isFirst ? [inputLayer(shape), ...layers] : layers;
    if (shape) config.build_input_shape = shape;
  } else {
    config.layers = layers;
    config.input_layers = endsOut(layers, config.input_layers);
    config.output_layers = endsOut(layers, config.output_layers);
  }
  return {
    ...named({ class_name: className, config }, 'keras'),
    ...(className === 'Sequential' ? {} : { module: 'keras.src.models.functional' }),
    ...(className === 'Sequential' && config.build_input_shape
      ? { build_config: { input_shape: config.build_input_shape } }
      : {}),
    ...(name === undefined ? {} : { name }),
    ...(inbound_nodes ? { inbound_nodes } : {}),
  };
}
