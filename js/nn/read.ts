/** Models from what was written down: Keras' JSON, and weights in the safetensors format. */

import { brief, type Code, camelKeys, describe, fault, textOf } from '../engine/errors.js';
import { Handle } from '../engine/handle.js';
import { isA, isArray } from '../engine/look.js';
import { nextSeed } from '../tensor/seed.js';
import type { LayerArgs } from './args.js';
import { foreign } from './foreign-json.js';
import { type InputLayerArgs, readInput } from './input-args.js';
import { Layer } from './layer.js';
import { LayersModel } from './model.js';
import { classNamed, fromConfig } from './registry.js';
import { layerOfClass } from './rnn.js';
import { Sequential } from './sequential.js';

/** Whether TensorFlow.js wrote this, or Keras 2: what they mean by some names is another thing. */
const isForeign = (json: unknown): boolean =>
  [json, (json as { model_config?: unknown } | null)?.model_config].some((one) => {
    const { backend, keras_version: version } = (one ?? {}) as Record<string, unknown>;
    return backend === 'TensorFlow.js' || (typeof version === 'string' && /^(tfjs|[0-2]\.)/.test(version));
  });

const MODELS = ['Sequential', 'Functional', 'Model'];

interface Written {
  class_name?: unknown;
  config?: { layers?: Written[]; name?: string } & Record<string, unknown>;
}

/**
 * A model from its architecture in Keras' form, its weights new.
 * @example
 * const json = sequential({ layers: [layers.dense({ units: 1, inputShape: [2] })] }).toJSON();
 * (await modelFromJSON(json)).countParams(); // → 3
 */
export const modelFromJSON = (json: string | object): LayersModel => fromJSON('modelFromJSON', json);

/** The same; `seed` decides its weights, order and dropout. */
export function fromJSON(where: string, json: unknown, seed: number = nextSeed()): LayersModel {
  let written: unknown;
  try {
    // What is no text is read as what JSON makes of it: without cycles, functions, getters.
    written = JSON.parse(typeof json === 'string' ? json : (JSON.stringify(json) ?? 'null'));
  } catch {
    throw fault('format', `${where}: this is not JSON`);
  }
  // TensorFlow.js wraps the architecture once more.
  const { modelTopology, weightsManifest } = (written ?? {}) as Record<string, unknown>;
  if (isArray(weightsManifest) && weightsManifest.length > 0)
    throw fault('value', `${where}: loadLayersModel reads weights, as those of this weightsManifest`);
  const wrapped = modelTopology ?? written;
  if (isForeign(wrapped)) {
    if (foreign.architecture) return read(where, foreign.architecture(where, wrapped) as Written, 0, seed);
    throw fault(
      'state',
      `${where}: what TensorFlow.js or Keras 2 wrote is read where the whole package is loaded`,
    );
  }
  const whole = (wrapped as { model_config?: unknown } | null)?.model_config ?? wrapped;
  // Keras 3 names the module of each class, and keeps operations and masks among the layers.
  const isKeras3 = typeof (whole as { module?: unknown } | null)?.module === 'string';
  const inner = isKeras3 && foreign.keras ? foreign.keras(where, whole) : whole;
  return read(where, inner as Written, 0, seed);
}

/** No architecture has more layers: one that some program made up would take minutes to put together. */
const MOST_LAYERS = 10_000;
let layersLeft = MOST_LAYERS;

function read(where: string, written: Written, depth: number, seed: number): LayersModel {
  if (depth === 0) layersLeft = MOST_LAYERS;
  // Keras of old wrote a list of layers alone.
  const { config } = written ?? {};
  const list = isArray(config) ? (config as Written[]) : config?.layers;
  if (!isArray(list)) {
    throw fault('format', `${where}: expected the architecture of a model, got ${describe(written)}`);
  }
  if (depth > 32) throw fault('value', `${where}: models are nested too deeply`);
  layersLeft -= list.length;
  if (layersLeft < 0) throw fault('value', `${where}: there are more than ${MOST_LAYERS} layers`);
  const layers = list
    .filter((layer) => layer?.class_name !== 'InputLayer')
    .map((layer) => readLayer(where, layer, depth));
  const name = typeof written.config?.name === 'string' ? written.config.name : undefined;
  if (written.class_name === 'Sequential') {
    const model = new Sequential({ seed, ...(name === undefined ? {} : { name }) });
    const input = list.find((layer) => layer?.class_name === 'InputLayer');
    if (input) {
      const { dims, name } = readInput('InputLayer', camelKeys(input.config ?? {}) as InputLayerArgs);
      model.setInput_(dims, name);
    }
    for (const layer of layers) model.add(layer);
    if (written.config?.trainable === false) model.trainable = false;
    return model;
  }
  return new Functional(JSON.stringify(written), layers, name, seed);
}

/** The layer that was written down; errors name it, since a model may have many of one class. */
function readLayer(where: string, written: Written, depth: number): Layer {
  const className = written?.class_name;
  if (typeof className !== 'string') throw fault('format', `${where}: a layer without class_name`);
  if (MODELS.includes(className)) return read(where, written, depth + 1, nextSeed());
  const name = written.config?.name;
  if (typeof name !== 'string') return layerOf(where, written, className, depth);
  try {
    return layerOf(where, written, className, depth);
  } catch (failure) {
    const { code } = (failure ?? {}) as { code?: Code };
    if (typeof code !== 'string') throw failure;
    const text = textOf(failure);
    throw fault(
      code,
      `${where}: ${brief(name, 60)}: ${text.startsWith(`${where}: `) ? text.slice(where.length + 2) : text}`,
    );
  }
}

function layerOf(where: string, written: Written, className: string, depth: number): Layer {
  const config = camelKeys(written.config ?? {}) as Record<string, unknown>;
  const custom = classNamed(className);
  if (!custom) {
    // So that cells stay layers that JavaScript knows.
    const { cell, cells } = (written.config ?? {}) as { cell?: Written; cells?: Written[] };
    if (className === 'RNN' && cell) config.cell = readLayer(where, cell, depth + 1);
    if (className === 'StackedRNNCells' && isArray(cells))
      config.cells = cells.map((inside) => readLayer(where, inside, depth + 1));
    // A wrapper's layer may be of a class of one's own, or a model.
    for (const key of ['layer', 'backward_layer'] as const) {
      const inside = written.config?.[key] as Written | undefined;
      if (isOwn(inside))
        config[key === 'layer' ? key : 'backwardLayer'] = readLayer(where, inside, depth + 1);
    }
    return builtIn(where, className, config);
  }
  const layer: unknown = fromConfig(custom, config);
  if (isA(layer, Layer)) return layer;
  throw fault('type', `${where}: ${className}.fromConfig: expected a layer, got ${describe(layer)}`);
}

/** Whether what was written down is something that the core alone cannot read. */
function isOwn(written: Written | undefined): written is Written {
  const className = written?.class_name;
  if (typeof className !== 'string') return false;
  const { cell, cells } = (written?.config ?? {}) as { cell?: Written; cells?: Written[] };
  const inside = [cell, isArray(cells) ? cells : []].flat();
  return MODELS.includes(className) || classNamed(className) !== undefined || inside.some(isOwn);
}

function builtIn(where: string, className: string, config: LayerArgs): Layer {
  try {
    return layerOfClass(className, config);
  } catch (failure) {
    const text = textOf(failure);
    const how = 'a class of your own has to be known first, by serialization.registerClass(…)';
    if (/(regularizer|constraint|initializer) `.*` is unknown/.test(text))
      throw fault('name', `${where}: ${text}; ${how}`);
    if (!/^layer `.*` is unknown/.test(text)) throw failure;
    const none = 'mapling itself has no layer of this name';
    throw fault('name', `${where}: the layer class ${describe(className)} is unknown; ${how}; ${none}`);
  }
}

/** A model whose graph the core reads. */
class Functional extends LayersModel {
  constructor(json: string, layers: Layer[], name: string | undefined, seed: number) {
    const lent = layers.map((layer) => layer._handle.get('modelFromJSON').copy());
    super({ network: new Handle((wasm) => wasm.Network.fromJson(json, lent, seed)), name, seed });
    for (const layer of layers) this.know(layer);
  }
}
