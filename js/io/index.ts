/**
 * Files and places of models: the namespace `io`. What turns models into bytes is loaded when it is asked for
 * (`formats.ts`).
 */
import { namespace } from '../engine/namespace.js';

export const io = /* @__PURE__ */ namespace('io', {});

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
