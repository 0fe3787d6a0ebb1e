/**
 * Names of TensorFlow.js that are not here: each says so when it is called, and names what comes closest. When one of
 * them comes, its line here goes.
 */
import { absent, empty } from './nearest.js';

export const loadLayersModel = /* @__PURE__ */ absent('loadLayersModel');
export const loadGraphModel = /* @__PURE__ */ absent('loadGraphModel');
export const avgPool3d = /* @__PURE__ */ absent('avgPool3d');
export const basicLSTMCell = /* @__PURE__ */ absent('basicLSTMCell');
export const batchNorm = /* @__PURE__ */ absent('batchNorm');
export const batchNorm2d = /* @__PURE__ */ absent('batchNorm2d');
export const batchNorm3d = /* @__PURE__ */ absent('batchNorm3d');
export const batchNorm4d = /* @__PURE__ */ absent('batchNorm4d');
export const batchToSpaceND = /* @__PURE__ */ absent('batchToSpaceND');
export const bincount = /* @__PURE__ */ absent('bincount');
export const bitwiseAnd = /* @__PURE__ */ absent('bitwiseAnd');
export const booleanMaskAsync = /* @__PURE__ */ absent('booleanMaskAsync');
export const broadcastArgs = /* @__PURE__ */ absent('broadcastArgs');
export const complex = /* @__PURE__ */ absent('complex');
export const conv1d = /* @__PURE__ */ absent('conv1d');
export const conv2dTranspose = /* @__PURE__ */ absent('conv2dTranspose');
export const conv3d = /* @__PURE__ */ absent('conv3d');
export const conv3dTranspose = /* @__PURE__ */ absent('conv3dTranspose');
export const cosineWindow = /* @__PURE__ */ absent('cosineWindow');
export const cumprod = /* @__PURE__ */ absent('cumprod');
export const denseBincount = /* @__PURE__ */ absent('denseBincount');
export const depthToSpace = /* @__PURE__ */ absent('depthToSpace');
export const depthwiseConv2d = /* @__PURE__ */ absent('depthwiseConv2d');
export const dilation2d = /* @__PURE__ */ absent('dilation2d');
export const dropout = /* @__PURE__ */ absent('dropout');
export const einsum = /* @__PURE__ */ absent('einsum');
export const enclosingPowerOfTwo = /* @__PURE__ */ absent('enclosingPowerOfTwo');
export const ensureShape = /* @__PURE__ */ absent('ensureShape');
export const fft = /* @__PURE__ */ absent('fft');
export const findBackend = /* @__PURE__ */ absent('findBackend');
export const findBackendFactory = /* @__PURE__ */ absent('findBackendFactory');
export const gatherND = /* @__PURE__ */ absent('gatherND');
export const getGradient = /* @__PURE__ */ absent('getGradient');
export const getKernel = /* @__PURE__ */ absent('getKernel');
export const getKernelsForBackend = /* @__PURE__ */ absent('getKernelsForBackend');
export const ifft = /* @__PURE__ */ absent('ifft');
export const imag = /* @__PURE__ */ absent('imag');
export const inTopKAsync = /* @__PURE__ */ absent('inTopKAsync');
export const irfft = /* @__PURE__ */ absent('irfft');
export const localResponseNormalization = /* @__PURE__ */ absent('localResponseNormalization');
export const lowerBound = /* @__PURE__ */ absent('lowerBound');
export const maxPool3d = /* @__PURE__ */ absent('maxPool3d');
export const maxPoolWithArgmax = /* @__PURE__ */ absent('maxPoolWithArgmax');
export const movingAverage = /* @__PURE__ */ absent('movingAverage');
export const multiRNNCell = /* @__PURE__ */ absent('multiRNNCell');
export const multinomial = /* @__PURE__ */ absent('multinomial');
export const pool = /* @__PURE__ */ absent('pool');
export const raggedGather = /* @__PURE__ */ absent('raggedGather');
export const raggedRange = /* @__PURE__ */ absent('raggedRange');
export const raggedTensorToTensor = /* @__PURE__ */ absent('raggedTensorToTensor');
export const rand = /* @__PURE__ */ absent('rand');
export const randomGamma = /* @__PURE__ */ absent('randomGamma');
export const randomStandardNormal = /* @__PURE__ */ absent('randomStandardNormal');
export const randomUniformInt = /* @__PURE__ */ absent('randomUniformInt');
export const real = /* @__PURE__ */ absent('real');
export const registerBackend = /* @__PURE__ */ absent('registerBackend');
export const registerGradient = /* @__PURE__ */ absent('registerGradient');
export const registerKernel = /* @__PURE__ */ absent('registerKernel');
export const removeBackend = /* @__PURE__ */ absent('removeBackend');
export const rfft = /* @__PURE__ */ absent('rfft');
export const scatterND = /* @__PURE__ */ absent('scatterND');
export const searchSorted = /* @__PURE__ */ absent('searchSorted');
export const separableConv2d = /* @__PURE__ */ absent('separableConv2d');
export const setPlatform = /* @__PURE__ */ absent('setPlatform');
export const setdiff1dAsync = /* @__PURE__ */ absent('setdiff1dAsync');
export const spaceToBatchND = /* @__PURE__ */ absent('spaceToBatchND');
export const sparseToDense = /* @__PURE__ */ absent('sparseToDense');
export const stridedSlice = /* @__PURE__ */ absent('stridedSlice');
export const tensorScatterUpdate = /* @__PURE__ */ absent('tensorScatterUpdate');
export const truncatedNormal = /* @__PURE__ */ absent('truncatedNormal');
export const unique = /* @__PURE__ */ absent('unique');
export const unregisterGradient = /* @__PURE__ */ absent('unregisterGradient');
export const unregisterKernel = /* @__PURE__ */ absent('unregisterKernel');
export const unsortedSegmentSum = /* @__PURE__ */ absent('unsortedSegmentSum');
export const upcastType = /* @__PURE__ */ absent('upcastType');
export const upperBound = /* @__PURE__ */ absent('upperBound');
export const RNN = /* @__PURE__ */ absent('RNN');
export type RNN = import('./nn/layer.js').Layer;
export const InputSpec = /* @__PURE__ */ absent('InputSpec');
export const CallbackList = /* @__PURE__ */ absent('CallbackList');
export const registerCallbackConstructor = /* @__PURE__ */ absent('registerCallbackConstructor');
export const OptimizerConstructors = /* @__PURE__ */ absent('OptimizerConstructors');
export const GraphModel = /* @__PURE__ */ absent('GraphModel');
export const loadGraphModelSync = /* @__PURE__ */ absent('loadGraphModelSync');
export const op = /* @__PURE__ */ absent('op');
export const registerOp = /* @__PURE__ */ absent('registerOp');
export const deregisterOp = /* @__PURE__ */ absent('deregisterOp');
export const copyRegisteredKernels = /* @__PURE__ */ absent('copyRegisteredKernels');
export const sumOutType = /* @__PURE__ */ absent('sumOutType');
export const KernelBackend = /* @__PURE__ */ absent('KernelBackend');
export const DataStorage = /* @__PURE__ */ absent('DataStorage');
export const Environment = /* @__PURE__ */ absent('Environment');
export const MathBackendCPU = /* @__PURE__ */ absent('MathBackendCPU');
export const MathBackendWebGL = /* @__PURE__ */ absent('MathBackendWebGL');
export const GPGPUContext = /* @__PURE__ */ absent('GPGPUContext');
export const setWebGLContext = /* @__PURE__ */ absent('setWebGLContext');
export const forceHalfFloat = /* @__PURE__ */ absent('forceHalfFloat');

export const browser = /* @__PURE__ */ empty('browser');
export const io = /* @__PURE__ */ empty('io');
export const image = /* @__PURE__ */ empty('image');
export const linalg = /* @__PURE__ */ empty('linalg');
export const signal = /* @__PURE__ */ empty('signal');
export const spectral = /* @__PURE__ */ empty('spectral');
export const sparse = /* @__PURE__ */ empty('sparse');
export const string = /* @__PURE__ */ empty('string');
export const fused = /* @__PURE__ */ empty('fused');
export const ENV = /* @__PURE__ */ empty('ENV');
export const backend_util = /* @__PURE__ */ empty('backend_util');
export const broadcast_util = /* @__PURE__ */ empty('broadcast_util');
export const device_util = /* @__PURE__ */ empty('device_util');
export const gather_util = /* @__PURE__ */ empty('gather_util');
export const kernel_impls = /* @__PURE__ */ empty('kernel_impls');
export const scatter_util = /* @__PURE__ */ empty('scatter_util');
export const slice_util = /* @__PURE__ */ empty('slice_util');
export const tensor_util = /* @__PURE__ */ empty('tensor_util');
export const test_util = /* @__PURE__ */ empty('test_util');
export const webgl = /* @__PURE__ */ empty('webgl');

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
