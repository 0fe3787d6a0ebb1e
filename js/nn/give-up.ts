/** What becomes of a model that could not be read to its end. */
import { LayersModel } from './model.js';

/** Lets go of it with what its optimizer remembers, and of the models inside it: they are nobody's yet. */
export function giveUp(model: LayersModel): void {
  const inside = model._inner.filter(isModel);
  model.optimizer?.dispose();
  model.dispose();
  for (const one of inside) giveUp(one);
}
const isModel = (layer: object): layer is LayersModel => layer instanceof LayersModel;
