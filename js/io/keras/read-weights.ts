/** The weights of a model from Keras 3's `model.weights.h5`. */
import { fault } from '../../engine/errors.js';
import { type Dataset, find, type Group, isGroup } from '../hdf5/tree.js';
import { type Named, placesOf } from './places.js';
import { floats } from './values.js';
import type { KerasObject } from './written.js';

/** The folder of layers in files that Keras 2.13 wrote. */
const OLD_LAYERS = '_layer_checkpoint_dependencies';

/** The paths of all arrays in a group, but those of the generators of random numbers, which are not read. */
function arraysIn(group: Group | Dataset | undefined, path: string): string[] {
  if (!group) return [];
  if (!isGroup(group)) return [path];
  const members = [...group.members].filter(([name]) => !/seed_generator|random_generator/.test(name));
  return members.flatMap(([name, node]) => arraysIn(node, `${path}/${name}`));
}

/** The values of these weights from a file's root group; there must be no others. */
export function readWeights<W extends Named & { shape: readonly number[] }>(
  where: string,
  root: Group,
  architecture: KerasObject,
  weights: readonly W[],
): Float32Array[] {
  const places = placesOf(where, architecture, weights);
  const isOld = !root.members.has('layers') && root.members.has(OLD_LAYERS);
  const there = new Set(arraysIn(root.members.get(isOld ? OLD_LAYERS : 'layers'), 'layers'));
  const read = weights.map((weight) => {
    // Attention's dense layers had names that begin with an underscore.
    const own = places.get(weight)!;
    const paths = [own, own.replace(/\/(query|key|value|output)_dense\//, '/_$1_dense/')];
    const path = paths.find((one) => there.has(one)) ?? own;
    there.delete(path);
    const node = find(root, isOld ? path.replaceAll('layers', OLD_LAYERS) : path);
    return floats(`${where}: ${weight.name}`, path, node, weight.shape);
  });
  const [more] = there;
  if (more !== undefined)
    throw fault(
      'format',
      `${where}: ${more}: this model has no such weight: the file is one of another model`,
    );
  return read;
}
