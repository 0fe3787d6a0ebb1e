/** Models to checkpoints and back, with the run of training that is under way. The file's form is loaded when it is asked for. */
import type { Bytes } from '../../engine/bytes.js';
import { describe, fault, onlyKeys, textOf } from '../../engine/errors.js';
import { call, isReady } from '../../engine/instance.js';
import { isA, isGone, isObject } from '../../engine/look.js';
import type { CompileArgs } from '../../nn/compile.js';
import { LayersModel } from '../../nn/model.js';
import { plainCompile } from '../../nn/plain-compile.js';
import { checkShared } from '../../nn/shared-layers.js';
import { type CompileSpec, readSource } from '../../nn/source.js';
import { sourceOf } from '../../nn/source-of.js';
import { whenAtRest } from '../../train/at-rest.js';
import { losses } from '../../train/losses.js';
import { metrics } from '../../train/metrics.js';
import { yieldNowAndThen } from '../yielding.js';

export interface FromCheckpointArgs {
  /** Losses and metrics of one's own, by the names that the functions had. */
  customObjects?: Readonly<Record<string, unknown>>;
}

/** See `io.toCheckpoint`. */
export async function toCheckpoint(model: LayersModel): Promise<Bytes> {
  const where = 'toCheckpoint';
  const { write } = await import('./checkpoint-file.js');
  if (!isA(model, LayersModel)) throw fault('type', `${where}: expected a model, got ${describe(model)}`);
  const named = (key: string, name: string): string => {
    const how = 'a function is written by its name, and this one has none, or one of the library';
    if (name === '' || name in losses || name in metrics) throw fault('type', `${where}: ${key}: ${how}`);
    return name;
  };
  await whenAtRest(model.run_);
  const compile = model.getCompileConfig();
  checkShared(where, model);
  return write(sourceOf(where, model, compile && plainCompile(where, { ...compile }, named)), where);
}

/** So many bytes may always be asked for: the smallest model is not refused because its file is small. */
const LEAST = 2 ** 20;

/** See `io.fromCheckpoint`. */
export async function fromCheckpoint(
  bytes: Uint8Array | ArrayBuffer,
  options: FromCheckpointArgs = {},
): Promise<LayersModel> {
  const where = 'fromCheckpoint';
  await yieldNowAndThen();
  const { read } = await import('./checkpoint-file.js');
  onlyKeys(where, options, ['customObjects']);
  const { customObjects = {} } = options ?? {};
  if (!isObject(customObjects))
    throw fault(
      'type',
      `${where}: customObjects: expected functions by name, got ${describe(customObjects)}`,
    );
  const file = asBytes(where, bytes);
  const source = read(where, file);
  const compiledWith = ({ loss, metrics: own, weightedMetrics, ...rest }: CompileSpec): CompileArgs =>
    ({
      ...rest,
      loss: withFunctions(loss, customObjects),
      ...(own === undefined ? {} : { metrics: withFunctions(own, customObjects) }),
      ...(weightedMetrics === undefined
        ? {}
        : { weightedMetrics: withFunctions(weightedMetrics, customObjects) }),
    }) as CompileArgs;
  // What says that it holds more than the file does is refused before there is memory for it.
  call((wasm) => wasm.giveAtMost(Math.max(LEAST, 4 * file.length)));
  try {
    return readSource(where, source, compiledWith);
  } catch (failure) {
    const { code } = failure as { code?: unknown };
    const message = textOf(failure);
    if (typeof code === 'string' && message.startsWith(where)) throw failure;
    throw fault(typeof code === 'string' ? (code as 'format') : 'format', `${where}: ${message}`);
  } finally {
    if (isReady()) call((wasm) => wasm.giveAtMost(Number.POSITIVE_INFINITY));
  }
}

function asBytes(where: string, given: unknown): Uint8Array {
  const kind = isObject(given) ? Object.prototype.toString.call(given) : '';
  try {
    if (kind === '[object ArrayBuffer]') return new Uint8Array(given as ArrayBuffer);
    const { buffer, byteOffset, length } = given as Uint8Array;
    if (kind === '[object Uint8Array]' && !isGone(given as Uint8Array))
      return new Uint8Array(buffer, byteOffset, length);
  } catch {
    // Memory that was given away has no bytes any more.
  }
  throw fault('type', `${where}: expected a Uint8Array, got ${describe(given)}`);
}

/** Names of functions of one's own become these functions. */
function withFunctions(spec: unknown, own: Readonly<Record<string, unknown>>): unknown {
  if (typeof spec === 'string') return Object.hasOwn(own, spec) ? own[spec] : spec;
  if (Array.isArray(spec)) return spec.map((part) => withFunctions(part, own));
  if (typeof spec !== 'object' || spec === null || 'className' in spec) return spec;
  return Object.fromEntries(Object.entries(spec).map(([name, part]) => [name, withFunctions(part, own)]));
}
