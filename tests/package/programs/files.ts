// Saving and loading with TensorFlow.js' names and types, as its tutorials write it.
import * as tf from 'mapling/auto';

const model: tf.LayersModel = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
model.compile({ optimizer: tf.train.adam(0.01), loss: 'meanSquaredError' });

let kept: tf.io.ModelArtifacts | undefined;
const handler: tf.io.IOHandler = tf.io.withSaveHandler(
  async (artifacts: tf.io.ModelArtifacts): Promise<tf.io.SaveResult> => {
    kept = artifacts;
    return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) };
  },
);
const config: tf.io.SaveConfig = { includeOptimizer: true };
const result: tf.io.SaveResult = await model.save(handler, config);
const info: tf.io.ModelArtifactsInfo = result.modelArtifactsInfo;
if (info.weightDataBytes !== 4 * 4) throw new Error(`${info.weightDataBytes} bytes`);

const specs: tf.io.WeightsManifestEntry[] = kept?.weightSpecs ?? [];
const data: tf.io.WeightData = kept?.weightData ?? new ArrayBuffer(0);
const named: tf.NamedTensorMap = tf.io.decodeWeights(data, specs);
const place: tf.io.IOHandler = tf.io.fromMemory({ ...kept, weightSpecs: specs, weightData: data });
const progress: tf.io.OnProgressCallback = (fraction: number) => console.log(fraction);
const options: tf.io.LoadOptions = { strict: true, onProgress: progress };
const loaded: tf.LayersModel = await tf.loadLayersModel(place, options);
const x: tf.Tensor2D = tf.tensor2d([[1, 2]]);
const [before, after] = [model, loaded].map((one) => (one.predict(x) as tf.Tensor).dataSync()[0]);
if (before !== after) throw new Error(`${after}, not ${before}`);

// What programs in pages say, which this one only compiles.
export async function inPage(files: File[]): Promise<tf.LayersModel> {
  await model.save('localstorage://demo/model');
  await model.save('downloads://model');
  const all: { [url: string]: tf.io.ModelArtifactsInfo } = await tf.io.listModels();
  for (const url of Object.keys(all)) await tf.io.removeModel(url);
  await tf.io.copyModel('localstorage://a', 'indexeddb://b');
  const sent = await model.save(tf.io.http('http://localhost/save', { requestInit: { method: 'PUT' } }));
  console.log(sent.responses?.[0]?.status, await tf.loadLayersModel(tf.io.browserFiles(files)));
  return tf.loadLayersModel('https://example.org/model.json');
}
console.log(Object.keys(named), inPage.name);
