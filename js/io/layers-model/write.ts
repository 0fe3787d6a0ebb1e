/** A model as TensorFlow.js' artifacts. */
import { onlyKeys } from '../../engine/errors.js';
import { isArray } from '../../engine/look.js';
import type { LayersModel } from '../../nn/model.js';
import { inOrder } from '../../nn/model-ends.js';
import { checkShared } from '../../nn/shared-layers.js';
import { version } from '../../util.js';
import { CompositeArrayBuffer } from '../buffers.js';
import { metadataOf } from '../metadata.js';
import { takeApart } from '../take-apart.js';
import type { ModelArtifacts, SaveConfig, WeightsManifestEntry } from '../types.js';
import { memoryOut } from './memory.js';
import { namesOf } from './names.js';
import { modelOut } from './out.js';
import { trainingOut } from './training.js';

/** What stands in the place of Keras' version: the program whose form of files this is. */
const FORM = 'tfjs-layers 4.22.0';

/**
 * What TensorFlow.js' `loadLayersModel` reads as this model.
 * @throws For layers, settings, losses or optimizers that TensorFlow.js does not have.
 */
export async function artifactsOf(
  where: string,
  model: LayersModel,
  config: SaveConfig = {},
): Promise<ModelArtifacts> {
  onlyKeys(where, config, ['trainableOnly', 'includeOptimizer']);
  const { trainableOnly = false, includeOptimizer = false } = config ?? {};
  checkShared(where, model);
  const { architecture, weights, training, optimizer } = await takeApart(where, model, { includeOptimizer });
  const written = modelOut(where, architecture);
  const order = namesOf(
    where,
    architecture,
    weights.map(({ name }) => name),
  );
  // Outputs have no names of their own in this form.
  const hasNames = !isArray(architecture.config.output_layers ?? []);
  const judged = training && hasNames ? inOrder(training, model.outputNames) : training;
  const trainingConfig = judged && trainingOut(where, judged);
  const entries = order
    .filter(({ at }) => !trainableOnly || weights[at]!.trainable)
    .map(({ at, name }): [WeightsManifestEntry, Float32Array | Int32Array] => {
      const { shape, values } = weights[at]!;
      return [{ name, shape, dtype: 'float32' }, values];
    });
  if (training && optimizer) entries.push(...memoryOut(where, training.optimizer, optimizer, weights, order));
  const metadata = metadataOf(model);
  const name = written.config.name ?? model.name;
  return {
    modelTopology: {
      ...written,
      config: { ...written.config, name },
      keras_version: FORM,
      backend: 'TensorFlow.js',
    },
    format: 'layers-model',
    generatedBy: `mapling v${version()}`,
    convertedBy: null,
    ...(trainingConfig && { trainingConfig }),
    ...(metadata && { userDefinedMetadata: metadata }),
    weightSpecs: entries.map(([entry]) => entry),
    weightData: CompositeArrayBuffer.join(entries.map(([, values]) => values)),
  };
}
