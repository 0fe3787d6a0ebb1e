/**
 * Files and places of models: the namespace `io`. What turns models into bytes is loaded when it is asked for
 * (`formats.ts`).
 */
import { namespace } from '../engine/namespace.js';
import { fromCheckpoint, toCheckpoint } from './checkpoint/checkpoint.js';
import { fromSafetensors, toOnnx, toSafetensors } from './conversions.js';

export const io = /* @__PURE__ */ namespace('io', {
  /**
   * A model with everything that training it further depends on, as the bytes of one file: architecture, weights, what it
   * is compiled with, what its optimizer remembers, the states of its generator and of stateful layers, and, while it is
   * trained or after that, where the run is, with its history and what its callbacks remember. It may be called at any
   * moment, in a callback too: the state is that after the last batch.
   * @throws For a model that is not built, or has parts that cannot be written down.
   */
  toCheckpoint,
  /**
   * The compiled model in such a file. `fit(x, y, { ...options, resume: true })` goes on with its run, to the same bits as
   * if it had never stopped, whatever the engine and the number of threads.
   * @throws For bytes that are not a whole checkpoint (`code` is `format`), and for parts that are not known here.
   */
  fromCheckpoint,
  fromSafetensors,
  toOnnx,
  toSafetensors,
});

/** Types of TensorFlow.js' files and places, so that programs that name them compile. */
export declare namespace io {
  interface SaveResult {
    modelArtifactsInfo: ModelArtifactsInfo;
    responses?: Response[];
    errors?: (object | string)[];
  }
  interface ModelArtifactsInfo {
    dateSaved: Date;
    modelTopologyType: 'JSON' | 'GraphDef';
    modelTopologyBytes?: number;
    weightSpecsBytes?: number;
    weightDataBytes?: number;
  }
  interface WeightsManifestEntry {
    name: string;
    shape: number[];
    dtype: string;
  }
  type WeightData = ArrayBuffer | ArrayBuffer[];
  interface ModelArtifacts {
    modelTopology?: object | ArrayBuffer;
    trainingConfig?: object;
    weightSpecs?: WeightsManifestEntry[];
    weightData?: WeightData;
    format?: string;
    generatedBy?: string;
    convertedBy?: string | null;
    userDefinedMetadata?: { [key: string]: unknown };
  }
  interface IOHandler {
    save?: (artifacts: ModelArtifacts) => Promise<SaveResult>;
    load?: () => Promise<ModelArtifacts>;
  }
  interface SaveConfig {
    trainableOnly?: boolean;
    includeOptimizer?: boolean;
  }
}
