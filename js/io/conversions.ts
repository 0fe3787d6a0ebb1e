/** Models as bytes for other programs. What writes them is loaded when it is asked for. */
import type { LayersModel } from '../nn/model.js';
import type { OnnxOptions } from './onnx/write.js';

/**
 * The model as a file in the ONNX format (opset 18), for onnxruntime, onnxruntime-web and what else reads that. Inputs and
 * outputs are 32-bit floats with the names and the layout of Keras, tokens too; batches may have any size.
 *
 * @param model A model that is built.
 * @throws `value` for a model with layers that have no form in ONNX: the message names all of them, and nothing is written.
 */
export async function toOnnx(model: LayersModel, options?: OnnxOptions): Promise<Uint8Array> {
  const { write } = await import('./onnx/write.js');
  return write('toOnnx', model, options);
}
