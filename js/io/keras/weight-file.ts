/** Weights for a model that is there: Keras 3's `.weights.h5`, those of a `.keras` archive, and legacy `.h5` files. */
import { fault } from '../../engine/errors.js';
import type { LayersModel } from '../../nn/model.js';
import { readAttributes } from '../hdf5/attribute.js';
import { readHdf5 } from '../hdf5/read.js';
import { isGroup } from '../hdf5/tree.js';
import { setWeights } from '../put-together.js';
import { isZip } from '../zip/begins.js';
import { readZip } from '../zip/read.js';
import { kerasForm } from './architecture.js';
import { planOf } from './assemble.js';
import { readLegacyWeights } from './legacy-weights.js';
import { WEIGHTS } from './members.js';
import { readWeights } from './read-weights.js';
import type { KerasObject } from './written.js';

/** Replaces all weights by those of a file: all or, if one does not fit, none. */
export async function loadWeights(where: string, model: LayersModel, bytes: Uint8Array): Promise<void> {
  const weights = isZip(bytes) ? (await readZip(where, bytes, [WEIGHTS])).members.get(WEIGHTS) : bytes;
  if (!weights) throw fault('format', `${where}: expected a .keras archive, with ${WEIGHTS}`);
  const root = await readHdf5(where, weights, readAttributes);
  model.ready_(where);
  const own = planOf(model);
  const whole = root.members.get('model_weights');
  const legacy = isGroup(whole) ? whole : root;
  const isLegacy = [...legacy.attributes.keys()].some((name) => /^layer_names\d*$/.test(name));
  const architecture = kerasForm(where, model.written_(where) as unknown as KerasObject);
  const values = isLegacy
    ? readLegacyWeights(where, legacy, own)
    : readWeights(where, root, architecture, own);
  setWeights(where, model, values);
}
