/**
 * Masks in Keras' graphs. Keras writes down how a mask was found (an operation `NotEqual` on what an embedding is given)
 * and hands it to each layer behind; here masks travel beside the values by themselves, so both are left out.
 */
import { fault } from '../../engine/errors.js';
import { isArray, isObject } from '../../engine/look.js';
import { classNamed } from '../../nn/registry.js';
import { isTaken } from '../../nn/taken-names.js';
import { isKerasObject, isModel, type KerasObject, nameOf } from './written.js';

/**
 * Operations, which Keras keeps among the layers of a graph. Legacy files name no modules; there operations are what has
 * not the settings of all layers.
 */
function isOperation(one: KerasObject): boolean {
  const { module, class_name: className, config } = one;
  if (module !== undefined && module !== null) return /^keras\.(src\.)?ops\b/.test(module);
  const isLayer = 'trainable' in config || 'dtype' in config || 'registered_name' in one;
  return !isLayer && !isModel(one) && !isTaken(className) && !classNamed(className);
}

/** What calls are given, by place or by name. */
interface Call {
  args?: unknown;
  kwargs?: Record<string, unknown>;
}

/** The names of the layers whose results a value contains. */
function sourcesOf(value: unknown, depth = 0): string[] {
  if (depth > 16 || value === null || typeof value !== 'object') return [];
  if (isArray(value)) return value.flatMap((one: unknown) => sourcesOf(one, depth + 1));
  if (isKerasObject(value) && value.class_name === '__keras_tensor__') {
    const history = value.config.keras_history;
    return isArray(history) ? [String(history[0])] : [];
  }
  return Object.values(value).flatMap((one) => sourcesOf(one, depth + 1));
}

const callsOf = ({ inbound_nodes: nodes }: KerasObject): Call[] =>
  isArray(nodes) ? nodes.filter((node): node is Call => isObject(node) && !isArray(node)) : [];

/** The layers of a graph without masks and how they are found. */
export function withoutMasks(where: string, layers: readonly KerasObject[]): KerasObject[] {
  const operations = new Map(layers.filter(isOperation).map((one) => [nameOf(one), one]));
  if (operations.size === 0) return [...layers];
  // What layers that make masks are given: what a mask is found from.
  const masked = layers.filter(
    ({ class_name, config }) => class_name === 'Masking' || config.mask_zero === true,
  );
  const roots = new Set(masked.flatMap((one) => callsOf(one).flatMap(({ args }) => sourcesOf(args))));
  const isMask = (name: string, depth = 0): boolean => {
    const operation = operations.get(name);
    if (!operation || depth > 16) return false;
    const from = callsOf(operation).flatMap((call) => sourcesOf([call.args, call.kwargs]));
    if (operation.class_name === 'NotEqual') return from.every((one) => roots.has(one));
    return from.length > 0 && from.every((one) => isMask(one, depth + 1));
  };
  return layers
    .filter((one) => !isOperation(one) || !isMask(nameOf(one)))
    .map((one) => {
      if (isOperation(one)) {
        const { class_name: className } = one;
        throw fault(
          'name',
          `${where}: ${nameOf(one)}: the operation ${className} in a graph cannot be read: put it into a layer of your own`,
        );
      }
      const nodes = (one.inbound_nodes ?? []).map((node) => {
        if (!isObject(node) || isArray(node)) return node;
        const { kwargs = {} } = node as Call;
        const kept = Object.entries(kwargs).filter(([key, value]) => {
          const from = /mask$/.test(key) ? sourcesOf(value) : [];
          return from.length === 0 || !from.every((name) => isMask(name));
        });
        return { ...node, kwargs: Object.fromEntries(kept) };
      });
      return { ...one, ...(one.inbound_nodes ? { inbound_nodes: nodes } : {}) };
    });
}
