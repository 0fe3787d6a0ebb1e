/** Models and tensors as bytes for other programs, and back. What does that is loaded when it is asked for. */
import type { Bytes } from '../engine/bytes.js';
import type { LayersModel } from '../nn/model.js';
import type { Tensor } from '../tensor/handle.js';
import type { OnnxOptions } from './onnx/to-onnx.js';
import type { Safetensors } from './safetensors/from-safetensors.js';
import type { SafetensorsOptions } from './safetensors/to-safetensors.js';
import { yieldNowAndThen } from './yielding.js';

export type { OnnxOptions, Safetensors, SafetensorsOptions };

/**
 * The model as a file in the ONNX format (opset 18), for onnxruntime, onnxruntime-web and what else reads that. Inputs and
 * outputs are 32-bit floats with the names and the layout of Keras, tokens too; batches may have any size.
 *
 * @param model A model that is built.
 * @throws `value` for a model with layers that have no form in ONNX: the message names all of them, and nothing is written.
 *
 * @example
 * const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [3] })] });
 * const file = await io.toOnnx(model, { docString: 'Two scores' });
 * // With onnxruntime-web: const session = await ort.InferenceSession.create(file);
 * file instanceof Uint8Array; // → true
 */
export async function toOnnx(model: LayersModel, options?: OnnxOptions): Promise<Bytes> {
  const { write } = await import('./onnx/to-onnx.js');
  return write('toOnnx', model, options);
}

/**
 * A model's weights, by Keras' paths such as `dense/kernel`, or tensors by name, as a file in the safetensors format.
 *
 * @param given A model that is built, or tensors of kind float32, int32 or bool by their names.
 * @throws `type` for anything else; `state` for a model that is not built.
 *
 * @example
 * const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [3], name: 'scores' })] });
 * const file = await io.toSafetensors(model, { metadata: { made: 'here' } });
 * const { tensors, metadata } = await io.fromSafetensors(file);
 * Object.keys(tensors); // → ['scores/kernel', 'scores/bias']
 * metadata; // → { made: 'here' }
 */
export async function toSafetensors(
  given: LayersModel | { [name: string]: Tensor },
  options?: SafetensorsOptions,
): Promise<Bytes> {
  const { write } = await import('./safetensors/to-safetensors.js');
  return write('toSafetensors', given, options);
}

/**
 * The tensors of a file in the safetensors format, by name, and the texts that it carries: `model.loadWeights(tensors)` takes
 * what another program has trained. Numbers of 16 and 64 bits become float32, whole numbers int32, where none is too large.
 *
 * @throws `format` for a file that is none, or has types that are not read; `value` for a number that does not fit; the
 * message names the place and the tensor.
 *
 * @example
 * const file = await io.toSafetensors({ x: tensor([1, 2]), y: tensor([3], [1], 'int32') });
 * const { tensors } = await io.fromSafetensors(file);
 * tensors.x; // → [1, 2]
 * tensors.y.dtype; // → 'int32'
 */
export async function fromSafetensors(bytes: Uint8Array | ArrayBuffer): Promise<Safetensors> {
  await yieldNowAndThen();
  const { read } = await import('./safetensors/from-safetensors.js');
  return read('fromSafetensors', bytes);
}
