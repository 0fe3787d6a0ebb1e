/** What a program writes down beside a model. */
import { describe, fault } from '../engine/errors.js';
import { isArray, isObject } from '../engine/look.js';
import type { LayersModel } from '../nn/model.js';

export type Metadata = { [key: string]: unknown };

const kept = new WeakMap<LayersModel, Metadata>();

export const metadataOf = (model: LayersModel): Metadata | undefined => kept.get(model);

/** Keeps an object of the program's own, which goes to `model.json` and comes back from it. */
export function setMetadata(where: string, model: LayersModel, metadata: unknown): void {
  if (!isObject(metadata) || isArray(metadata))
    throw fault('type', `${where}: expected an object, got ${describe(metadata)}`);
  let text: string | undefined;
  try {
    text = JSON.stringify(metadata);
  } catch {
    text = undefined;
  }
  if (text === undefined) throw fault('value', `${where}: expected what JSON can say`);
  kept.set(model, metadata as Metadata);
}
