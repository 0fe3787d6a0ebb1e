/** What Keras 3 writes down of a model, its layers and their parts: `{ module, class_name, config, registered_name }`. */
import { fault } from '../../engine/errors.js';
import { isArray, isObject } from '../../engine/look.js';

/** A class with its settings, and what stands beside them. */
export interface KerasObject {
  module?: string | null;
  class_name: string;
  config: Record<string, unknown>;
  registered_name?: string | null;
  name?: string;
  inbound_nodes?: unknown[];
  build_config?: unknown;
  compile_config?: unknown;
}

export const isKerasObject = (value: unknown): value is KerasObject =>
  isObject(value) &&
  typeof (value as Partial<KerasObject>).class_name === 'string' &&
  isObject((value as Partial<KerasObject>).config) &&
  !isArray((value as Partial<KerasObject>).config);

const MODELS = ['Sequential', 'Functional', 'Model'];
export const isModel = (layer: KerasObject): boolean => MODELS.includes(layer.class_name);

/** No model is nested deeper. */
export const DEEPEST = 32;

/** The layers of a model's configuration. */
export function layersOf(where: string, model: KerasObject, depth = 0): KerasObject[] {
  if (depth > DEEPEST) throw fault('format', `${where}: models are nested too deeply`);
  const { layers } = model.config;
  if (!isArray(layers) || !layers.every(isKerasObject))
    throw fault(
      'format',
      `${where}: ${model.class_name}: expected a list of layers, each with class_name and config`,
    );
  return layers;
}

/** The layer of a wrapper or the cell of an RNN. */
export const inner = (layer: KerasObject, key: string): KerasObject | undefined => {
  const value = layer.config[key];
  return isKerasObject(value) ? value : undefined;
};

/** The name of a layer in its model. */
export const nameOf = (layer: KerasObject): string => String(layer.config.name ?? layer.name ?? '');

/** A class's name as Keras spells it in paths: `Conv2DTranspose` is `conv2d_transpose`. */
export const snakeCase = (className: string): string =>
  className
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
