/** The settings of a model's input. */
import { describe, fault, onlyKeys, ownName } from '../engine/errors.js';
import { areAll, isArray } from '../engine/look.js';
import { asShape, MOST_LENGTHS, readDtype } from './args.js';
import type { Dims } from './symbolic.js';

export interface InputLayerArgs {
  /** The shape of a sample, `null` where any length will do. */
  inputShape?: Dims | number;
  /** The same with a batch axis in front, `null` or the batch size; Keras 3 says `batchShape`. */
  batchInputShape?: Dims;
  batchShape?: Dims;
  /** The batch size, which stateful layers need. */
  batchSize?: number;
  name?: string;
  dtype?: string;
  /** These three are taken where they say false: Keras writes them down. */
  sparse?: boolean;
  ragged?: boolean;
  optional?: boolean;
}

const KEYS = [
  ...['inputShape', 'batchInputShape', 'batchShape', 'batchSize'],
  ...['name', 'dtype', 'sparse', 'ragged', 'optional', 'trainable'],
];

/** The shape of a batch, the name if there is one, and the kind of values. */
export function readInput(
  where: string,
  args: InputLayerArgs,
): { dims: Dims; name: string | undefined; kind: 'float32' | 'int32' } {
  onlyKeys(where, args, KEYS);
  const { inputShape, batchInputShape, batchShape, batchSize, name, dtype } = args ?? {};
  for (const key of ['sparse', 'ragged', 'optional'] as const) {
    if (args[key]) throw fault('value', `${where}: ${key}: not in mapling, got ${describe(args[key])}`);
  }
  const batched: unknown = batchInputShape ?? batchShape;
  const dims: unknown =
    asShape(inputShape) ?? (isArray(batched) && batched.length <= MOST_LENGTHS ? batched.slice(1) : batched);
  const isLength = (one: unknown): boolean => one === null || (Number.isSafeInteger(one) && Number(one) >= 1);
  if (!isArray(dims) || dims.length > MOST_LENGTHS || !areAll(dims, isLength))
    throw fault('type', `${where}: shape: expected a shape such as [28, 28], got ${describe(dims)}`);
  const batch: unknown = (isArray(batched) ? batched[0] : undefined) ?? batchSize ?? null;
  if (!isLength(batch))
    throw fault('type', `${where}: batchSize: expected a whole number or null, got ${describe(batch)}`);
  if (name !== undefined && name !== null) {
    if (typeof name !== 'string')
      throw fault('type', `${where}: name: expected a text, got ${describe(name)}`);
    ownName(name);
  }
  const kind = readDtype(where, dtype) ?? 'float32';
  return { dims: [batch as number | null, ...(dims as Dims)], name: name ?? undefined, kind };
}
