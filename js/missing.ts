/**
 * Names of TensorFlow.js that are not here: each says so when it is called, and names what comes closest. When one of
 * them comes, its line here goes.
 */
import { absent, empty } from './nearest.js';

export const loadGraphModel = /* @__PURE__ */ absent('loadGraphModel');
export const getGradient = /* @__PURE__ */ absent('getGradient');
export const getKernel = /* @__PURE__ */ absent('getKernel');
export const getKernelsForBackend = /* @__PURE__ */ absent('getKernelsForBackend');
export const registerBackend = /* @__PURE__ */ absent('registerBackend');
export const registerGradient = /* @__PURE__ */ absent('registerGradient');
export const registerKernel = /* @__PURE__ */ absent('registerKernel');
export const setPlatform = /* @__PURE__ */ absent('setPlatform');
export const unregisterGradient = /* @__PURE__ */ absent('unregisterGradient');
export const unregisterKernel = /* @__PURE__ */ absent('unregisterKernel');
export const GraphModel = /* @__PURE__ */ absent('GraphModel');
export const loadGraphModelSync = /* @__PURE__ */ absent('loadGraphModelSync');
export const registerOp = /* @__PURE__ */ absent('registerOp');
export const deregisterOp = /* @__PURE__ */ absent('deregisterOp');
export const copyRegisteredKernels = /* @__PURE__ */ absent('copyRegisteredKernels');
export const KernelBackend = /* @__PURE__ */ absent('KernelBackend');
export const DataStorage = /* @__PURE__ */ absent('DataStorage');
export const Environment = /* @__PURE__ */ absent('Environment');
export const MathBackendCPU = /* @__PURE__ */ absent('MathBackendCPU');
export const MathBackendWebGL = /* @__PURE__ */ absent('MathBackendWebGL');
export const GPGPUContext = /* @__PURE__ */ absent('GPGPUContext');
export const setWebGLContext = /* @__PURE__ */ absent('setWebGLContext');
export const forceHalfFloat = /* @__PURE__ */ absent('forceHalfFloat');

export const string = /* @__PURE__ */ empty('string');
export const backend_util = /* @__PURE__ */ empty('backend_util');
export const gather_util = /* @__PURE__ */ empty('gather_util');
export const kernel_impls = /* @__PURE__ */ empty('kernel_impls');
export const scatter_util = /* @__PURE__ */ empty('scatter_util');
export const slice_util = /* @__PURE__ */ empty('slice_util');
export const test_util = /* @__PURE__ */ empty('test_util');
export const webgl = /* @__PURE__ */ empty('webgl');
