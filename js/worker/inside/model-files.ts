/** The model as files of other programs, and models from their files. Loaded when somebody asks. */
import { describe, fault } from '../../engine/errors.js';
import type { LayersModel } from '../../nn/model.js';
import { plainCompile } from '../../nn/plain-compile.js';
import { readSource } from '../../nn/source.js';
import { sourceOf } from '../../nn/source-of.js';
import type { ModelFile, ModelFormat, ReadModel, SavedModel } from '../protocol.js';

const FORMATS: Record<ModelFormat, (model: LayersModel, saved: SavedModel) => Promise<ModelFile[]>> = {
  async keras(model) {
    const { write } = await import('../../io/keras/write-archive.js');
    return [{ name: 'model.keras', bytes: await write('write', model) }];
  },
  async tensorflow(model) {
    const { artifactsOf } = await import('../../io/layers-model/write.js');
    const { modelJSONOf } = await import('../../io/artifacts.js');
    const artifacts = await artifactsOf('write', model);
    const paths = ['model.weights.bin'];
    const json = modelJSONOf(artifacts, [{ paths, weights: artifacts.weightSpecs! }]);
    return [
      { name: 'model.json', bytes: new TextEncoder().encode(JSON.stringify(json)) },
      { name: paths[0]!, bytes: new Uint8Array(artifacts.weightData as ArrayBuffer) },
    ];
  },
  async safetensors(model) {
    const { write } = await import('../../io/safetensors/to-safetensors.js');
    return [{ name: 'model.safetensors', bytes: await write('write', model) }];
  },
  async checkpoint(_, saved) {
    const { write } = await import('../../io/checkpoint/checkpoint-file.js');
    return [{ name: 'model.checkpoint', bytes: write(saved, 'write') }];
  },
};

/** The model in a format: one file, or several. */
export function writeModel(model: LayersModel, saved: SavedModel, format: ModelFormat): Promise<ModelFile[]> {
  if (Object.hasOwn(FORMATS, format)) return FORMATS[format](model, saved);
  const known = Object.keys(FORMATS).join(', ');
  throw fault('value', `write: format: expected one of ${known}, got ${describe(format)}`);
}

const begins = (bytes: Uint8Array, text: string): boolean =>
  [...text].every((letter, at) => bytes[at] === letter.charCodeAt(0));

/** What a model is, in the form that crosses; the model itself is let go of. */
function described(model: LayersModel, saved: SavedModel): ReadModel {
  const { inputDims = [], outputDims = [] } = model.ends_();
  return {
    source: saved,
    inputs: inputDims.map((shape) => [...shape]),
    outputs: outputDims.map((shape) => [...shape]),
    params: model.weights.reduce((all, { shape }) => all + shape.reduce((size, one) => size * one, 1), 0),
  };
}

/** Initializers that TensorFlow.js spells out: names that every module knows. */
const SPELT: Readonly<Record<string, string>> = {
  'fan_avg uniform 1': 'glorot_uniform',
  'fan_avg normal 1': 'glorot_normal',
  'fan_in uniform 2': 'he_uniform',
  'fan_in normal 2': 'he_normal',
};
const withNames = (_: string, value: unknown): unknown => {
  const { class_name, config } = (value ?? {}) as { class_name?: unknown; config?: Record<string, unknown> };
  if (class_name !== 'VarianceScaling') return value;
  return SPELT[`${config?.mode} ${config?.distribution} ${config?.scale}`] ?? value;
};

async function fromFiles(files: readonly File[]): Promise<LayersModel> {
  const json = files.find(({ name }) => /\.json$/i.test(name));
  if (json) {
    const [{ browserFiles }, { modelOf }] = await Promise.all([
      import('../../io/browser-files.js'),
      import('../../io/layers-model/read.js'),
    ]);
    const rest = files.filter((file) => file !== json);
    const artifacts = await browserFiles([json, ...rest]).load!();
    const modelTopology = JSON.parse(JSON.stringify(artifacts.modelTopology), withNames) as object;
    return modelOf('read', { ...artifacts, modelTopology }, {});
  }
  const { read } = await import('../../io/keras/format.js');
  return read(`read: ${files[0]!.name}`, new Uint8Array(await files[0]!.arrayBuffer()));
}

/**
 * The model in files of one of the formats, without anything changed. Weights alone, as safetensors hold them, are those
 * of a model of the present kind.
 */
export async function readModel(files: readonly File[], present: () => SavedModel): Promise<ReadModel> {
  const [file] = files;
  if (!file) throw fault('value', 'read: there are no files');
  if (files.length === 1 && !/\.json$/i.test(file.name)) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const isSafetensors = /\.safetensors$/i.test(file.name) || begins(bytes.subarray(8), '{"');
    if (isSafetensors || !(begins(bytes, 'PK') || begins(bytes, '\x89HDF')))
      return whole(file.name, isSafetensors ? undefined : bytes, isSafetensors ? bytes : undefined, present);
  }
  const model = await fromFiles(files);
  try {
    const compile = model.getCompileConfig();
    const never = (key: string): never => {
      throw fault('type', `read: ${key}: a function cannot cross`);
    };
    return described(model, sourceOf('read', model, compile && plainCompile('read', { ...compile }, never)));
  } finally {
    model.dispose();
  }
}

/** The model of a checkpoint, or the present one with other weights. */
async function whole(
  name: string,
  checkpoint: Uint8Array | undefined,
  weights: Uint8Array | undefined,
  present: () => SavedModel,
): Promise<ReadModel> {
  const where = `read: ${name}`;
  let source: SavedModel;
  if (checkpoint) {
    const { read } = await import('../../io/checkpoint/checkpoint-file.js');
    source = read(where, checkpoint) as SavedModel;
  } else {
    const { optimizerState: _, run: _run, step: _step, generator: _drawn, ...rest } = present();
    source = { ...rest, weights: weights! };
  }
  // Whatever cannot be made of it is found out now, before anything stops.
  const { compile: _, optimizerState: _state, run: _run, ...bare } = source;
  const model = readSource(where, bare);
  try {
    return described(model, source);
  } finally {
    model.dispose();
  }
}
