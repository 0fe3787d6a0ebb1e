/**
 * What Keras 3 wants to be told beside what the core writes of a model, so that its `model_from_json` reads it. Loaded for its
 * effect: the page's worker neither reads nor writes such models, and is there sooner without.
 */
import { isArray, isObject } from '../engine/look.js';
import { foreign } from './foreign-json.js';
import { nameStates } from './keras-states.js';
import { moveEnds } from './model-ends.js';
import { isTaken } from './taken-names.js';

interface Written {
  module?: string;
  class_name: string;
  config: Record<string, unknown> & { name?: string | null; layers?: Written[] };
}

interface Told extends Written {
  module: string;
  registered_name: string | null;
}

/** Inside a layer Keras looks classes up by where they are. Changes what it is given. */
function tellInner({ config }: Written): void {
  // Keras has a text for what nothing is said of.
  if (config.use_cudnn === null) delete config.use_cudnn;
  const inside = (written: Written) => {
    tellInner(written);
    return told(written, written.config.name ?? null, 'keras.layers');
  };
  for (const key of ['layer', 'backward_layer', 'cell'])
    if (config[key]) config[key] = inside(config[key] as Written);
  if (isArray(config.cells)) config.cells = (config.cells as Written[]).map(inside);
  for (const layer of config.layers ?? []) {
    tellInner(layer);
    // What names no module may also be an operation, such as `Multiply`.
    if (!isModel(layer) && isTaken(layer.class_name)) layer.module = 'keras.layers';
  }
  moveAllEnds(config, 1);
}

/** Moves the ends of a model to where Keras counts them, or back. Changes what it is given. */
function moveAllEnds(config: Written['config'], by: number): void {
  const { layers } = config;
  if (!isArray(layers)) return;
  for (const key of ['input_layers', 'output_layers'])
    if (key in config) config[key] = moveEnds(layers, config[key], by);
}

/** What {@link toldToKeras} told, as it is read here. */
export function toldByKeras(model: object): object {
  const copy = structuredClone(model) as Written;
  const moveAll = (written: Written | null): void => {
    const config = written?.config;
    if (!isObject(config)) return;
    if (isArray(config.layers)) config.layers.forEach(moveAll);
    moveAllEnds(config, -1);
  };
  moveAll(copy);
  return copy;
}

const isModel = (written: Written): boolean => /^(Sequential|Functional)$/.test(written.class_name);
const isGraph = (written: Written | null): boolean => written?.class_name === 'Functional';

function told(written: Written, name: string | null, module: string): Told {
  const { class_name: className, config } = written;
  return {
    module: isGraph(written) ? 'keras.src.models.functional' : className === 'Sequential' ? 'keras' : module,
    class_name: className,
    config: { name, ...config, ...(config.name == null && { name }) },
    registered_name: isGraph(written) ? className : null,
  };
}

/** A model as Keras reads it, under its name. Changes what it is given. */
export function toldToKeras(written: object, name: string): Told {
  const model = written as Written;
  nameStates(model);
  tellInner(model);
  return told(model, name, 'keras');
}

foreign.keras ??= (_, model) => toldByKeras(model as object);
