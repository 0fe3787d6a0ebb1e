// What the tests of ONNX share: a model is written, read by onnxruntime, and has to give the same there as here.
import { after } from 'node:test';
import { close } from '../js/keras.mjs';
import { assert, mapling } from '../js/mapling.mjs';
import { startPython } from './python.mjs';

const { io } = mapling;
const onnxruntime = startPython('run_onnx.py');
after(() => onnxruntime.stop());

/** Classes of layers in models that gave the same in onnxruntime as here. */
export const seen = new Set();

/** All classes in a configuration. */
export function classesIn(written, found = new Set()) {
  if (Array.isArray(written)) for (const one of written) classesIn(one, found);
  else if (typeof written === 'object' && written !== null) {
    if (typeof written.class_name === 'string') found.add(written.class_name);
    for (const one of Object.values(written)) classesIn(one, found);
  }
  return found;
}

/** A tensor as JSON. */
export const written = (x) => ({ shape: x.shape, data: Array.from(x.dataSync()) });

/** Names as they stand in a file, where each is there once: `lstm`, `lstm_1` for two results of a layer. */
export const unique = (names) =>
  names.map((name, at) => {
    const before = names.slice(0, at).filter((one) => one === name).length;
    return before > 0 ? `${name}_${before}` : name;
  });

/** What onnxruntime says of a file: its outputs for each set of inputs, which is an object by name. */
export async function run(bytes, inputs) {
  const model = Buffer.from(bytes).toString('base64');
  const told = await onnxruntime.ask({ model, inputs });
  assert.equal(told.error, undefined);
  return told;
}

/**
 * Writes `model`, and runs it in onnxruntime: the outputs for `inputs`, a list of tensors for each input of the model, must
 * be those of `predict` within 1e-5 of their scale. Returns what the file says of itself.
 */
export async function sameInOnnx(model, ...inputs) {
  const bytes = await io.toOnnx(model);
  const given = inputs.map((all) =>
    Object.fromEntries(all.map((x, at) => [model.inputNames[at], written(x)])),
  );
  const told = await run(bytes, given);
  inputs.forEach((all, which) => {
    const ours = [model.predict(all.length === 1 ? all[0] : all)].flat();
    const theirs = told.outputs[which];
    assert.deepEqual(
      theirs.map(({ name }) => name),
      unique(model.outputNames),
    );
    ours.forEach((y, at) => {
      close(`output ${at}`, y, theirs[at], 1e-5);
    });
  });
  for (const name of classesIn(JSON.parse(model.toJSON()))) seen.add(name);
  return { ...told, bytes };
}
