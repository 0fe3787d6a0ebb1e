/** Classes of one's own, by the names under which they are saved. */
import { describe, fault } from '../engine/errors.js';
import { namespace } from '../engine/namespace.js';
import { Layer } from './layer.js';

type LayerClass = { className: string; fromConfig(config: Record<string, unknown>): Layer };

const registered = new Map<string, LayerClass>();

/** Makes a class known under its name: models with such a layer can be loaded. */
function registerClass(theClass: unknown, _package?: string, customName?: string): LayerClass {
  const candidate = theClass as Partial<LayerClass> & { prototype?: unknown };
  if (typeof theClass !== 'function' || !(candidate.prototype instanceof Layer)) {
    throw fault(
      'type',
      `registerClass: expected a class that extends layers.Layer, got ${describe(theClass)}`,
    );
  }
  const name = customName ?? candidate.className;
  if (typeof name !== 'string' || name === '' || name === Layer.className) {
    throw fault('value', 'registerClass: the class needs a name: `static className = …`');
  }
  registered.set(name, candidate as LayerClass);
  return candidate as LayerClass;
}

/** The class registered under a name. */
export const classNamed = (name: string): LayerClass | undefined => registered.get(name);

export const serialization = /* @__PURE__ */ namespace('serialization', { registerClass });
