/**
 * Files and places of models: the namespace `io`. What turns models into bytes is loaded when it is asked for
 * (`formats.ts`, `layers-model`), and so are the places.
 */
import { namespace } from '../engine/namespace.js';
import {
  getModelArtifactsForJSON,
  getModelArtifactsForJSONSync,
  getModelArtifactsInfoForJSON,
} from './artifacts.js';
import { browserFiles } from './browser-files.js';
import { CompositeArrayBuffer, concatenateArrayBuffers } from './buffers.js';
import { fromCheckpoint, toCheckpoint } from './checkpoint/checkpoint.js';
import { fromSafetensors, toOnnx, toSafetensors } from './conversions.js';
import { browserDownloads } from './downloads.js';
import { browserHTTPRequest, http } from './http.js';
import { fromKeras, toKeras } from './keras/index.js';
import { loadWeights, weightsLoaderFactory } from './load-weights.js';
import { fromMemory, fromMemorySync, withSaveHandler, withSaveHandlerSync } from './memory.js';
import { getLoadHandlers, getSaveHandlers, registerLoadRouter, registerSaveRouter } from './routers.js';
import { isHTTPScheme } from './scheme.js';
import { getWeightSpecs } from './specs.js';
import { copyModel, listModels, moveModel, removeModel } from './stores.js';
import { decodeWeights, decodeWeightsStream, encodeWeights } from './weights.js';

export { loadLayersModel } from './places.js';

export const io = /* @__PURE__ */ namespace('io', {
  /**
   * A model with everything that training it further depends on, as the bytes of one file: architecture, weights, what it
   * is compiled with, what its optimizer remembers, the states of its generator and of stateful layers, and, while it is
   * trained or after that, where the run is, with its history and what its callbacks remember. It may be called at any
   * moment, in a callback too: the state is that after the last batch.
   * @throws For a model that is not built, or has parts that cannot be written down.
   * @example
   * const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [2] })] });
   * model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
   * (await io.toCheckpoint(model)).constructor.name; // → 'Uint8Array'
   */
  toCheckpoint,
  /**
   * The compiled model in such a file. `fit(x, y, { ...options, resume: true })` goes on with its run, to the same bits as
   * if it had never stopped, whatever the engine and the number of threads.
   * @throws For bytes that are not a whole checkpoint (`code` is `format`), and for parts that are not known here.
   * @example
   * const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [2] })] });
   * model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
   * await model.fit([[1, 2]], [[3]]);
   * (await io.fromCheckpoint(await io.toCheckpoint(model))).optimizer.iterations; // → 1
   */
  fromCheckpoint,
  fromSafetensors,
  toOnnx,
  toSafetensors,
  CompositeArrayBuffer,
  browserDownloads,
  browserFiles,
  /**
   * TensorFlow.js' older name for `http`.
   * @example typeof io.browserHTTPRequest('https://example.org/model.json').load; // → 'function'
   */
  browserHTTPRequest,
  concatenateArrayBuffers,
  copyModel,
  decodeWeights,
  decodeWeightsStream,
  encodeWeights,
  fromKeras,
  fromMemory,
  fromMemorySync,
  getLoadHandlers,
  getModelArtifactsForJSON,
  getModelArtifactsForJSONSync,
  getModelArtifactsInfoForJSON,
  getSaveHandlers,
  getWeightSpecs,
  http,
  isHTTPScheme,
  listModels,
  loadWeights,
  moveModel,
  registerLoadRouter,
  registerSaveRouter,
  removeModel,
  toKeras,
  weightsLoaderFactory,
  withSaveHandler,
  withSaveHandlerSync,
});

/** Types of TensorFlow.js' files and places, so that programs that name them compile. */
export declare namespace io {
  type CompositeArrayBuffer = import('./buffers.js').CompositeArrayBuffer;
  type IOHandler = import('./types.js').IOHandler;
  type IOHandlerSync = import('./types.js').IOHandlerSync;
  type LoadHandler = import('./types.js').LoadHandler;
  type LoadOptions = import('./types.js').LoadOptions;
  type ModelArtifacts = import('./types.js').ModelArtifacts;
  type ModelArtifactsInfo = import('./types.js').ModelArtifactsInfo;
  type ModelJSON = import('./types.js').ModelJSON;
  type ModelStoreManager = import('./types.js').ModelStoreManager;
  type OnProgressCallback = import('./types.js').OnProgressCallback;
  type RequestDetails = import('./types.js').RequestDetails;
  type SaveConfig = import('./types.js').SaveConfig;
  type SaveHandler = import('./types.js').SaveHandler;
  type SaveResult = import('./types.js').SaveResult;
  type TrainingConfig = import('./types.js').TrainingConfig;
  type WeightData = import('./types.js').WeightData;
  type WeightGroup = import('./types.js').WeightGroup;
  type WeightsManifestConfig = import('./types.js').WeightsManifestConfig;
  type WeightsManifestEntry = import('./types.js').WeightsManifestEntry;
}
