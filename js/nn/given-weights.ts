/** Weights that layers are given to begin with, `weights` among their settings. The page's worker goes without. */
import { describe, fault } from '../engine/errors.js';
import { isArray } from '../engine/look.js';
import { Layer } from './layer.js';

/** The layers that have begun. */
const begun = new WeakSet<Layer>();

Layer.prototype._begin = function (this: Layer): void {
  for (const layer of this._inner) layer._begin?.();
  const { _given: given } = this;
  if (given === undefined || begun.has(this) || !this.built) return;
  const where = `${this.getClassName()}: weights`;
  if (!isArray(given)) throw fault('type', `${where}: expected a list of tensors, got ${describe(given)}`);
  begun.add(this);
  this.setWeights(given);
};
