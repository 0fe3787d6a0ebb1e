/**
 * A model as a file in the ONNX format, <https://onnx.ai>: opset 18, which onnxruntime reads since version 1.14.
 *
 * Inputs and outputs have the layout of Keras, channels last, the names of its layers, and 32-bit floats, tokens too; batches
 * may have any size, and axes of no fixed length any length. What the model does in training only is left out.
 */
import type { Bytes } from '../../engine/bytes.js';
import { describe, fault, onlyKeys } from '../../engine/errors.js';
import { isA } from '../../engine/look.js';
import { LayersModel } from '../../nn/model.js';
import type { Dims } from '../../nn/symbolic.js';
import { version } from '../../util.js';
import { predictorOf } from '../take-apart.js';
import { Graph } from './graph.js';
import type { WrittenLayer } from './layer.js';
import { allLayers, checkLayers, Writer } from './model.js';
import { type Port, writeModel } from './proto.js';
import type { Value } from './value.js';

export interface OnnxOptions {
  /** What the file says of itself. */
  docString?: string;
}

/** A file of protobuf messages may not be longer. */
const MOST_BYTES = 2 ** 31 - 1;

/** Lengths that are not fixed have names: all inputs and outputs have as many samples. */
const portOf = ({ name, type, dims }: Value): Port => {
  const named = (axis: number): string => (axis === 0 ? 'batch' : `${name}_${axis}`);
  return { name, type, dims: dims.map((length, axis) => (Number.isNaN(length) ? named(axis) : length)) };
};

/** See `io.toOnnx`. */
export async function write(where: string, model: LayersModel, options: OnnxOptions = {}): Promise<Bytes> {
  if (!isA(model, LayersModel)) throw fault('type', `${where}: expected a model, got ${describe(model)}`);
  onlyKeys(where, options, ['docString']);
  const doc = options?.docString ?? '';
  if (typeof doc !== 'string')
    throw fault('type', `${where}: docString: expected a text, got ${describe(doc)}`);
  const { architecture, weights } = predictorOf(where, model);
  const written = architecture as WrittenLayer;
  const layers = allLayers(written);
  checkLayers(where, layers);
  const bytes = weights.reduce((sum, { values }) => sum + values.byteLength, 0);
  if (bytes > MOST_BYTES) throw fault('value', `${where}: ${bytes} bytes of weights do not fit into a file`);

  const g = new Graph(where);
  const shapes = model.inputs.map(({ shape }) => (shape as Dims).map((length) => length ?? Number.NaN));
  const inputs = model.inputNames.map((name, at) => g.input(name, shapes[at]!));
  // Reserved, so that no op takes them.
  const names = model.outputNames.map((name) => g.free(name));
  const flows = new Writer(g, weights).model(
    written,
    inputs.map((value) => ({ value })),
    '',
  );
  const outputs = flows.map(({ value }, at) => g.result(names[at]!, value));
  return writeModel(g.finish(model.name, inputs.map(portOf), outputs.map(portOf)), version(), doc);
}
