/**
 * What a trainer is told in descriptions: where data come from, and a model as a row of layers. Here they are checked, before
 * the worker hears of them.
 */
import { describe, fault, onlyKeys, snakeKeys } from '../engine/errors.js';
import { isArray, isObject } from '../engine/look.js';
import { plainSettings } from '../nn/settings.js';
import type { Digits } from './digits.js';
import type { Life } from './life.js';
import { asSource } from './model-source.js';
import type {
  CompileSpec,
  DigitsInfo,
  DigitsSource,
  ModelInfo,
  ModelSource,
  OnProgress,
} from './protocol.js';

/** A layer by its class, as Keras and TensorFlow.js write it down: either spelling of `className`, and of settings. */
export type LayerDescription = ({ className: string } | { class_name: string }) & {
  /** Its settings. Default: the layer's own. */
  config?: Record<string, unknown>;
};

/** A model as a row of layers, and what it is compiled with. */
export interface ModelDescription extends CompileSpec {
  /** From the first to the last. A layer of your own has its class in a module of `createTrainer({ modules })`. */
  layers: readonly LayerDescription[];
  name?: string;
  /** The shape of a sample. Default: what the first layer says, or the shape of the set `train`'s samples. */
  inputShape?: (number | null)[];
  /** Decides weights, order and dropout: the same seed ends with the same bits everywhere. Default: a new one. */
  seed?: number;
}

/** The keys of each kind of data. */
const DATA: Readonly<Record<string, readonly string[]>> = {
  mnist: ['url', 'cache', 'styles', 'ahead'],
  digits: ['seed', 'count'],
  files: ['files', 'paths', 'turn', 'fit'],
};

/** Refuses what is no description of data. */
function checkData(where: string, source: unknown): void {
  const { kind } = (isObject(source) ? source : {}) as { kind?: unknown };
  const kinds = Object.keys(DATA);
  if (!isObject(source)) throw fault('type', `${where}: expected { kind }, got ${describe(source)}`);
  if (!kinds.includes(kind as string))
    throw fault('value', `${where}: kind: expected ${kinds.join(', ')}, got ${describe(kind)}`);
  onlyKeys(where, source, ['kind', ...DATA[kind as string]!]);
}

function layerOf(where: string, given: unknown): object {
  const { className, class_name, config } = (isObject(given) ? given : {}) as Record<string, unknown>;
  const name = className ?? class_name;
  if (typeof name !== 'string')
    throw fault('type', `${where}: expected { className, config }, got ${describe(given)}`);
  onlyKeys(where, given, ['className', 'class_name', 'config']);
  if (config !== undefined && (!isObject(config) || isArray(config)))
    throw fault('type', `${where}: config: expected settings, got ${describe(config)}`);
  return { class_name: name, config: snakeKeys(plainSettings(where, config ?? {})) as object };
}

/** The model that is described, as `setModel` takes it. */
function described(where: string, description: ModelDescription): ModelSource {
  if (!isObject(description))
    throw fault('type', `${where}: expected { layers, optimizer, loss }, got ${describe(description)}`);
  const known = ['layers', 'optimizer', 'loss', 'lossWeights', 'metrics', 'weightedMetrics'];
  onlyKeys(where, description, [...known, 'name', 'inputShape', 'seed']);
  const { layers, name, inputShape, seed, ...compile } = description;
  if (!isArray(layers) || layers.length === 0)
    throw fault('type', `${where}: layers: expected a list of layers, got ${describe(layers)}`);
  const rows = layers.map((layer, at) => layerOf(`${where}: layers[${at}]`, layer));
  return {
    json: { class_name: 'Sequential', config: { ...(name === undefined ? {} : { name }), layers: rows } },
    compile,
    ...(inputShape === undefined ? {} : { inputShape }),
    ...(seed === undefined ? {} : { seed }),
  };
}

/** See `load` of trainers. */
export async function load(
  digits: Digits,
  source: DigitsSource,
  onProgress?: OnProgress,
): Promise<DigitsInfo> {
  checkData('load', source);
  return digits.load(source, onProgress);
}

/** See `build` of trainers. */
export async function build(
  life: Life,
  hasModules: boolean,
  description: ModelDescription,
): Promise<ModelInfo> {
  const source = await asSource(described('build', description), hasModules, 'build');
  return life.ask((hands) => hands.setModel(source, 'build'));
}
