/**
 * States of others that recurrent layers begin with. Here they are further inputs; Keras takes them by name, and of cells in
 * a stack as a list for each cell.
 */
import { isArray, isObject } from '../engine/look.js';

/** What is read here of a layer, as it is written down. */
interface Written {
  class_name: string;
  config: Record<string, unknown>;
  inbound_nodes?: unknown[];
}

/** The classes of layers that read sequences. */
export const RECURRENT = /^(LSTM|GRU|SimpleRNN|RNN|Bidirectional|ConvLSTM2D)$/;

/** The states of a layer, those of each cell of a stack together. */
function byCells({ config }: Written, states: readonly unknown[]): unknown[] {
  if (config.layer) {
    // Both directions have as many.
    const half = states.length / 2;
    return [states.slice(0, half), states.slice(half)].flatMap((own) =>
      byCells(config.layer as Written, own),
    );
  }
  const cells = (config.cell as Written | undefined)?.config.cells;
  if (!isArray(cells)) return [...states];
  let at = 0;
  return (cells as Written[]).map(({ class_name: className }) => {
    const count = className === 'LSTMCell' ? 2 : 1;
    at += count;
    return states.slice(at - count, at);
  });
}

/**
 * Gives the calls of a model's recurrent layers, and of those in models inside, their states by name. Changes the model, which
 * the core has written.
 */
export function nameStates({ config }: Written): void {
  for (const layer of (config.layers ?? []) as Written[]) {
    nameStates((layer.config.layer ?? layer) as Written);
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
