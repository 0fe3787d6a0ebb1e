// The real TensorFlow.js, which scripts/setup.mjs has installed, and models that go to it and come from it.
import nodeAssert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { tfjsFolder } from '../../scripts/setup.mjs';
import { mapling } from './mapling.mjs';

export { mapling } from './mapling.mjs';

/** What it says of itself when it is loaded is not the tests'. */
const { warn } = console;
console.warn = () => {};
export const tf = createRequire(join(tfjsFolder, 'package.json'))('@tensorflow/tfjs/dist/tf.node.js');
await tf.ready();
console.warn = warn;

export const assert = nodeAssert;
export const list = (one) => [one].flat();
const flat = (tensor) => Array.from(tensor.dataSync());

/** The artifacts that a model of either library saves. */
export async function artifactsOf(model, config) {
  const { io } = model instanceof mapling.LayersModel ? mapling : tf;
  let saved;
  const modelArtifactsInfo = { dateSaved: new Date(), modelTopologyType: 'JSON' };
  const keep = async (artifacts) => {
    // As it comes out of a file.
    saved = {
      ...JSON.parse(JSON.stringify({ ...artifacts, weightData: undefined })),
      weightData: artifacts.weightData,
    };
    return { modelArtifactsInfo };
  };
  await model.save(io.withSaveHandler(keep), config);
  return saved;
}

/** The model again, in TensorFlow.js. */
export const inTensorflow = async (model, config) =>
  tf.loadLayersModel(tf.io.fromMemory(await artifactsOf(model, config)));
/** A model of TensorFlow.js, here. */
export const inMapling = async (model, config) =>
  mapling.loadLayersModel(mapling.io.fromMemory(await artifactsOf(model, config)));

/** Within a share of the greatest value. */
export function close(what, found, expected, share = 1e-5) {
  list(expected).forEach((one, at) => {
    const own = list(found)[at];
    assert.deepEqual(own.shape, one.shape, `${what}: the shape of output ${at}`);
    const [got, wanted] = [flat(own), flat(one)];
    const scale = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3);
    const wrong = wanted.findIndex((value, place) => !(Math.abs(got[place] - value) <= share * scale));
    assert.ok(wrong < 0, `${what}: output ${at}[${wrong}]: ${got[wrong]}, not ${wanted[wrong]}`);
  });
}

/** Inputs of both libraries, from the same numbers. */
export const inputs = (all) => ({
  own: all.map(({ data, shape }) => mapling.tensor(data, shape, 'float32')),
  its: all.map(({ data, shape }) => tf.tensor(data, shape, 'float32')),
});
const single = (all) => (all.length === 1 ? all[0] : all);

/** There and back: the answers of a model, of what TensorFlow.js makes of it, and of what comes back from there. */
export async function roundTrip(model, data) {
  const { own, its } = inputs(data);
  const answers = model.predict(single(own));
  const there = await inTensorflow(model);
  close('there', there.predict(single(its)), answers);
  const back = await inMapling(there);
  close('back', back.predict(single(own)), answers);
  return { there, back };
}
