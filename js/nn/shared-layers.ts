/** Layers that stand in two places of a model, which no file can say. */
import { fault } from '../engine/errors.js';

/** What is asked of a model before it is saved: its layers, and those inside them. */
export interface Holder {
  name: string;
  weights?: readonly unknown[];
  layers?: readonly Holder[];
  _inner?: readonly Holder[];
}

/** Refuses weights of a layer that two models hold, or a model and a wrapper: read again, each has its own. */
export function checkShared(where: string, model: Holder, owners = new Map<Holder, Holder>()): void {
  for (const layer of model.layers ?? model._inner ?? []) {
    const owner = owners.get(layer);
    if (owner && layer.weights?.length)
      throw fault(
        'value',
        `${where}: layer ${layer.name} is in ${owner.name} and in ${model.name}: read again it would be two`,
      );
    owners.set(layer, model);
    if (!owner) checkShared(where, layer, owners);
  }
}
