/**
 * States of others that recurrent layers begin with. Here they are further inputs; Keras takes them by name, and of cells in
 * a stack as a list for each cell.
 */
import { isArray, isObject } from '../../engine/look.js';
import { inner, isKerasObject, isModel, type KerasObject, layersOf, RECURRENT } from './written.js';

/** The states of a layer, those of each cell of a stack together. */
function byCells(layer: KerasObject, states: readonly unknown[]): unknown[] {
  const inside = inner(layer, 'layer');
  if (inside) {
    // Both directions have as many.
    const half = states.length / 2;
    return [states.slice(0, half), states.slice(half)].flatMap((own) => byCells(inside, own));
  }
  const cells = inner(layer, 'cell')?.config.cells;
  if (!isArray(cells)) return [...states];
  let at = 0;
  return cells.map((cell: unknown) => {
    const count = isKerasObject(cell) && cell.class_name === 'LSTMCell' ? 2 : 1;
    at += count;
    return states.slice(at - count, at);
  });
}

/** Gives the calls of a model's recurrent layers, and of those in models inside, their states by name. Changes the model. */
export function nameStates(where: string, model: KerasObject, depth = 0): void {
  for (const layer of isModel(model) ? layersOf(where, model, depth) : []) {
    nameStates(where, inner(layer, 'layer') ?? layer, depth + 1);
    if (!RECURRENT.test(layer.class_name)) continue;
    for (const node of layer.inbound_nodes ?? []) {
      if (!isObject(node)) continue;
      const call = node as { args: unknown[]; kwargs: Record<string, unknown> };
      const [given] = call.args;
      const [first, ...more] = isArray(given) ? (given as unknown[]) : call.args;
      const named = call.kwargs.initial_state;
      const states = [...more, ...(isArray(named) ? (named as unknown[]) : [])];
      if (states.length === 0) continue;
      call.args = [first];
      call.kwargs = { ...call.kwargs, initial_state: byCells(layer, states) };
    }
  }
}
