/** The weights of a model as the groups of Keras 3's `model.weights.h5`. */
import type { Attributes, Data, Dataset, Group } from '../hdf5/tree.js';
import type { PortableWeight } from '../portable.js';
import { placesOf } from './places.js';
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
