/** What Keras 3 wants to be told beside what the core writes of a model, so that its `model_from_json` reads it. */
import { isArray, isObject } from '../engine/look.js';

interface Written {
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
  for (const key of ['layer', 'backward_layer']) {
    const inside = config[key] as Written | null | undefined;
    if (inside) {
      tellInner(inside);
      config[key] = told(inside, inside.config.name ?? null, 'keras.layers');
    }
  }
  for (const layer of config.layers ?? []) tellInner(layer);
  moveEnds(config, 1);
}

type End = [layer: string, call: number, tensor: number];
const isEnd = (value: unknown): value is End =>
  isArray(value) && typeof value[0] === 'string' && typeof value[1] === 'number';

/** Keras counts the making of a graph inside as its first call, which here is none. Changes what it is given. */
function moveEnds(config: Written['config'], by: number): void {
  const { layers, output_layers: ends } = config;
  if (!isArray(ends) || !isArray(layers)) return;
  const graphs = new Set(layers.filter(isGraph).map((layer) => layer.config?.name));
  const list: readonly unknown[] = typeof ends[0] === 'string' ? [ends] : ends;
  // What has any other form is refused by what reads the model.
  const moved = list.map((end) =>
    isEnd(end) && graphs.has(end[0]) ? [end[0], Math.max(0, end[1] + by), end[2]] : end,
  );
  // Keras takes a single end for a model of one tensor, and not of a list.
  config.output_layers = moved.length === 1 && by > 0 ? moved[0] : moved;
}

/** What {@link toldToKeras} told, as it is read here. */
export function toldByKeras(model: object): object {
  const copy = structuredClone(model) as Written;
  const moveAll = (written: Written | null): void => {
    const config = written?.config;
    if (!isObject(config)) return;
    if (isArray(config.layers)) config.layers.forEach(moveAll);
    moveEnds(config, -1);
  };
  moveAll(copy);
  return copy;
}

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
  tellInner(model);
  return told(model, name, 'keras');
}
