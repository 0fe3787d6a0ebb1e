/** Models to and from Keras. What reads and writes the files is loaded when it is asked for. */
import type { Bytes } from '../../engine/bytes.js';
import { describe, fault, onlyKeys } from '../../engine/errors.js';
import type { LayersModel } from '../../nn/model.js';
import type { WriteOptions } from '../portable.js';
import { yieldNowAndThen } from '../yielding.js';
import type { KerasReadOptions } from './read-archive.js';

export type { KerasReadOptions } from './read-archive.js';

/**
 * A model as a `.keras` file of Keras 3, which `keras.saving.load_model` reads: architecture, weights, and what it is
 * compiled with and its optimizer remembers, so that training can go on there.
 * @example
 * const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [2] })] });
 * const bytes = await io.toKeras(model);
 * String.fromCharCode(...bytes.subarray(0, 2)); // → 'PK'
 */
export async function toKeras(model: LayersModel, options: WriteOptions = {}): Promise<Bytes> {
  const { write } = await import('./write-archive.js');
  return write('toKeras', model, options);
}

/**
 * The model of a file that Keras wrote: `.keras` of Keras 3, or a whole model in a legacy `.h5` file. It is compiled, and
 * its optimizer goes on, if it was so there.
 * @throws `format` for other bytes, `name` for classes that are not known here: `serialization.registerClass` knows yours.
 * @example
 * const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [2] })] });
 * model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
 * const again = await io.fromKeras(await io.toKeras(model));
 * again.countParams(); // → 3
 * again.optimizer.className; // → 'Adam'
 */
export async function fromKeras(
  bytes: Uint8Array | ArrayBuffer,
  options: KerasReadOptions = {},
): Promise<LayersModel> {
  onlyKeys('fromKeras', options, ['compile']);
  const { compile } = options;
  if (compile !== undefined && typeof compile !== 'boolean')
    throw fault('type', `fromKeras: compile: expected true or false, got ${describe(compile)}`);
  await yieldNowAndThen();
  const { read } = await import('./format.js');
  return read('fromKeras', bytes, options);
}
