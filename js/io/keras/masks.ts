/**
 * Masks in Keras' graphs. Keras writes down how a mask was found (an operation `NotEqual` on what an embedding is given)
 * and hands it to each layer behind; here masks travel beside the values by themselves, so both are left out.
 */
import { isArray, isObject } from '../../engine/look.js';
import { RECURRENT } from '../../nn/keras-states.js';
import { isOperation } from './operations.js';
import { isKerasObject, type KerasObject, nameOf } from './written.js';

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

/** What an operation finds: a mask, a constant in the shape of something (the mask of what has none), or values. */
type Found = 'mask' | 'constant' | 'values';

/** Whether some layer of a graph makes a mask. */
export const hasMasks = (layers: readonly KerasObject[]): boolean => layers.some(makesMask);

const makesMask = ({ class_name: name, config }: KerasObject): boolean =>
  name === 'Masking' || config.mask_zero === true;

/** Recurrent layers that begin with states of others see no mask in Keras 3: it ends before them here. */
export function withMasksEnded(layers: readonly KerasObject[]): KerasObject[] {
  if (!hasMasks(layers)) return [...layers];
  return layers.flatMap((layer) => {
    const nodes: unknown[] = isArray(layer.inbound_nodes) ? layer.inbound_nodes : [];
    const ends = nodes.map((node) => {
      const { kwargs = {} } = (isObject(node) ? node : {}) as Call;
      return (
        RECURRENT.test(layer.class_name) &&
        sourcesOf(kwargs?.initial_state).length > 0 &&
        !isObject(kwargs?.mask)
      );
    });
    if (!ends.includes(true)) return [layer];
    const before = `${nameOf(layer)}_without_mask`;
    const calls: unknown[] = [];
    const changed = nodes.map((node, at) => {
      if (!ends[at]) return node;
      const { args, kwargs } = node as Call;
      const [first, ...rest] = args as { config: { keras_history: unknown } }[];
      calls.push({ args: [first], kwargs: {} });
      const history = [before, calls.length - 1, 0];
      const from = { ...first, config: { ...first!.config, keras_history: history } };
      return { args: [from, ...rest], kwargs };
    });
    const end = {
      class_name: 'KerasOperation',
      config: { name: before, operation: 'Identity', given: '{"args":[{"input":0}]}' },
      name: before,
      inbound_nodes: calls,
    };
    return [end, { ...layer, inbound_nodes: changed }];
  });
}

/** The layers and operations of a graph without masks and how they are found. */
export function withoutMasks(layers: readonly KerasObject[]): KerasObject[] {
  const operations = new Map(layers.filter(isOperation).map((one) => [nameOf(one), one]));
  // What layers that make masks are given: what a mask is found from.
  const masked = layers.filter(makesMask);
  const roots = new Set(masked.flatMap((one) => callsOf(one).flatMap(({ args }) => sourcesOf(args))));
  const found = new Map<string, Found>();
  const find = (name: string, depth: number): Found => {
    const operation = operations.get(name);
    if (!operation || depth > 64) return 'values';
    if (/^(Ones|Zeros)Like$/.test(operation.class_name)) return 'constant';
    const from = callsOf(operation).flatMap((call) => sourcesOf([call.args, call.kwargs]));
    if (operation.class_name === 'NotEqual') return from.every((one) => roots.has(one)) ? 'mask' : 'values';
    const kinds = from.map((one) => kindOf(one, depth + 1));
    if (kinds.length === 0 || kinds.includes('values')) return 'values';
    return kinds.includes('mask') ? 'mask' : 'constant';
  };
  const kindOf = (name: string, depth = 0): Found => {
    const known = found.get(name) ?? find(name, depth);
    found.set(name, known);
    return known;
  };
  const isMask = (name: string): boolean => kindOf(name) !== 'values';
  return layers
    .filter((one) => !isOperation(one) || !isMask(nameOf(one)))
    .map((one) => {
      // What is no list is refused by what reads the model.
      if (!isArray(one.inbound_nodes)) return one;
      const nodes = one.inbound_nodes.map((node: unknown) => {
        if (!isObject(node) || isArray(node)) return node;
        const kept = Object.entries((node as Call).kwargs ?? {}).filter(([key, value]) => {
          if (!/mask$/.test(key)) return true;
          const from = sourcesOf(value);
          // Models inside that have several inputs are given a list, also where there are no masks.
          return from.length > 0 ? !from.every(isMask) : !isArray(value);
        });
        return { ...node, kwargs: Object.fromEntries(kept) };
      });
      return { ...one, inbound_nodes: nodes };
    });
}
