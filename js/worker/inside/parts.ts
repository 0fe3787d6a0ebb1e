/** What the worker loads only for some models. */
import type { ModelSource } from '../protocol.js';

/**
 * Loads what works for code of JavaScript's where a model needs it: for initializers with seeds of their own, whose values
 * the core does not make, for outputs without a loss, for layers that keep states from batch to batch, and for models in the
 * form of Keras 3, which names the module of each class: the last two come with the whole library, since a file of theirs that is loaded alone lets bundlers split what every worker loads.
 */
export async function loadPartsFor(source: ModelSource): Promise<void> {
  const json: unknown = source?.json;
  const text = typeof json === 'string' ? json : JSON.stringify(json);
  const { loss } = (source?.compile ?? {}) as { loss?: unknown };
  const parts = typeof loss === 'object' && loss !== null ? Object.values(loss) : [];
  if (parts.includes(null) || (text !== undefined && /"seed":\s*-?\d/.test(text)))
    await import('../../nn/provide-own.js');
  if (text !== undefined && /"stateful":\s*true|"module":/.test(text)) await import('../../index.js');
}
