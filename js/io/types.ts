/** Types of TensorFlow.js' files and places. */

export interface SaveResult {
  modelArtifactsInfo: ModelArtifactsInfo;
  responses?: Response[];
  errors?: (object | string)[];
}
export interface ModelArtifactsInfo {
  dateSaved: Date;
  modelTopologyType: 'JSON' | 'GraphDef';
  modelTopologyBytes?: number;
  weightSpecsBytes?: number;
  weightDataBytes?: number;
}
/** To whom a weight belongs: without a group, to the model. */
export type WeightGroup = 'model' | 'optimizer';
export interface WeightsManifestEntry {
  name: string;
  shape: number[];
  dtype: 'float32' | 'int32' | 'bool' | 'string' | 'complex64';
  group?: WeightGroup;
  /** Values are `whole · scale + min`, or of half precision. */
  quantization?: { scale?: number; min?: number; dtype: 'uint16' | 'uint8' | 'float16' };
}
/** Weights that lie one behind the other in files, the first file first. */
export interface WeightsManifestGroupConfig {
  paths: string[];
  weights: WeightsManifestEntry[];
}
export type WeightsManifestConfig = WeightsManifestGroupConfig[];
export interface TrainingConfig {
  optimizer_config: object;
  loss: string | string[] | { [output: string]: string };
  metrics?: string[] | { [output: string]: string };
  weighted_metrics?: string[];
  sample_weight_mode?: string;
  loss_weights?: number[] | { [output: string]: number };
}
export type WeightData = ArrayBuffer | ArrayBuffer[];
interface ArtifactsHead {
  trainingConfig?: TrainingConfig;
  format?: string;
  generatedBy?: string;
  convertedBy?: string | null;
  signature?: object;
  userDefinedMetadata?: { [key: string]: unknown };
  modelInitializer?: object;
  initializerSignature?: object;
}
/** A model as it lies in a place. */
export interface ModelArtifacts extends ArtifactsHead {
  modelTopology?: object | ArrayBuffer;
  weightSpecs?: WeightsManifestEntry[];
  weightData?: WeightData;
  getWeightStream?: () => ReadableStream<ArrayBuffer>;
}
/** The file `model.json`. */
export interface ModelJSON extends ArtifactsHead {
  modelTopology: object;
  weightsManifest: WeightsManifestConfig;
}
export type LoadHandler = () => Promise<ModelArtifacts>;
export type SaveHandler = (artifacts: ModelArtifacts) => Promise<SaveResult>;
/** A place that models are kept in. */
export interface IOHandler {
  save?: SaveHandler;
  load?: LoadHandler;
}
export type LoadHandlerSync = () => ModelArtifacts;
export type SaveHandlerSync = (artifacts: ModelArtifacts) => SaveResult;
export interface IOHandlerSync {
  save?: SaveHandlerSync;
  load?: LoadHandlerSync;
}
/** The models that a place keeps under paths. */
export interface ModelStoreManager {
  listModels(): Promise<{ [path: string]: ModelArtifactsInfo }>;
  removeModel(path: string): Promise<ModelArtifactsInfo>;
}
export interface SaveConfig {
  /** Leaves out weights that training does not change by gradients. Default: false. */
  trainableOnly?: boolean;
  /** What the model is compiled with, and what its optimizer remembers. Default: false, as in TensorFlow.js. */
  includeOptimizer?: boolean;
}
/** Is told how much of the work is done, from 0 to 1. */
export type OnProgressCallback = (fraction: number) => void;
export interface RequestDetails {
  isBinary?: boolean;
}
export interface LoadOptions {
  requestInit?: RequestInit;
  onProgress?: OnProgressCallback;
  /** Stands in for `fetch`. */
  fetchFunc?: typeof fetch;
  /**
   * Whether each weight of the model must be there, and nothing else. Default: true. With false, weights that are not
   * there begin anew, as large as the architecture says, up to 1 MB beyond four times those that are: of larger ones
   * `modelFromJSON` makes a model, which takes what there is by `model.loadWeights(tensors, false)`.
   */
  strict?: boolean;
  /** Where files of weights are. Default: beside model.json. */
  weightPathPrefix?: string;
  /** Graph models alone come from there: true is refused. */
  fromTFHub?: boolean;
  /** The address of a file of weights, from its path in the manifest. */
  weightUrlConverter?: (weightFileName: string) => Promise<string>;
  /** Taken, and the same as false: weights are read piece by piece in any case. */
  streamWeights?: boolean;
}
export type IORouter = (url: string | string[], options?: LoadOptions) => IOHandler | null;
