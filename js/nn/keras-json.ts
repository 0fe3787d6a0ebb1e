/** What Keras 3 wants to be told beside what the core writes of a model, so that its `model_from_json` reads it. */

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
}

function told({ class_name: className, config }: Written, name: string | null, module: string): Told {
  const isGraph = className === 'Functional';
  return {
    module: isGraph ? 'keras.src.models.functional' : className === 'Sequential' ? 'keras' : module,
    class_name: className,
    config: { name, ...config, ...(config.name == null && { name }) },
    registered_name: isGraph ? className : null,
  };
}

/** A model as Keras reads it, under its name. */
export function toldToKeras(written: string, name: string): Told {
  const model = JSON.parse(written) as Written;
  tellInner(model);
  return told(model, name, 'keras');
}
