/** The weights of a model as the groups of Keras 3's `model.weights.h5`, and read from there. */
import { fault } from '../../engine/errors.js';
import { type Attributes, type Data, type Dataset, find, type Group, isGroup } from '../hdf5/tree.js';
import type { PortableWeight } from '../portable.js';
import { type Named, placesOf } from './places.js';
import { floats } from './values.js';
import type { KerasObject } from './written.js';

const NONE: Attributes = new Map();

/** A group that is being filled. */
interface Growing {
  members: Map<string, Growing | Dataset>;
  attributes: Map<string, Data>;
}
const growing = (): Growing => ({ members: new Map(), attributes: new Map() });

/** The group at a path, made with all above it. */
function groupAt(root: Growing, path: string): Growing {
  let node = root;
  for (const name of path.split('/')) {
    const next = (node.members.get(name) as Growing | undefined) ?? growing();
    node.members.set(name, next);
    node = next;
  }
  return node;
}

const text = (value: string): Data => ({ shape: [], values: () => [value] });

/** The file's root group: weights at their places, and the variables of an optimizer if there are any. */
export function weightGroups(
  where: string,
  architecture: KerasObject,
  weights: readonly PortableWeight[],
  optimizer: { name: string; variables: readonly Data[] } | undefined,
): Group {
  const root = growing();
  for (const [weight, path] of placesOf(where, architecture, weights)) {
    const [at, place] = [path.slice(0, path.lastIndexOf('/')), path.slice(path.lastIndexOf('/') + 1)];
    const group = groupAt(root, at);
    // The layer's name, which tells people whose weights these are.
    group.attributes.set('name', text(weight.name.split('/').at(-2) ?? ''));
    group.members.set(place, { shape: weight.shape, values: () => weight.values, attributes: NONE });
  }
  // A file must have something in it, also of a model without weights.
  groupAt(root, 'layers');
  if (optimizer) {
    const group = groupAt(root, 'optimizer/vars');
    group.attributes.set('name', text(optimizer.name));
    for (const [place, data] of optimizer.variables.entries())
      group.members.set(`${place}`, { ...data, attributes: NONE });
  }
  return root;
}

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
