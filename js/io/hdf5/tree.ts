/** What an HDF5 file holds: groups of named groups and arrays, each with attributes. */

/** Numbers as they are stored; 16-bit floats come as float32, truth values as uint8. */
export type Numbers =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

export type Values = Numbers | string[];

/** An array, or what an attribute holds. */
export interface Data {
  /** The lengths of its axes: none for a single value, null where there is no value at all. */
  readonly shape: readonly number[] | null;
  /** Its values in row-major order, read when they are asked for. */
  values(): Values;
}

export type Attributes = ReadonlyMap<string, Data>;

/** An array with attributes. */
export interface Dataset extends Data {
  readonly attributes: Attributes;
}

export interface Group {
  readonly members: ReadonlyMap<string, Group | Dataset>;
  readonly attributes: Attributes;
}

export const isGroup = (node: Group | Dataset | undefined): node is Group =>
  node !== undefined && 'members' in node;

/** What lies at a path such as `layers/dense/vars/0`. */
export function find(group: Group, path: string): Group | Dataset | undefined {
  let node: Group | Dataset | undefined = group;
  for (const name of path.split('/')) node = isGroup(node) ? node.members.get(name) : undefined;
  return node;
}
