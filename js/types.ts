/** Names that TensorFlow.js gives to types, for programs in TypeScript. */

import type { CompileArgs } from './nn/compile.js';
import type { EvaluateDatasetArgs, FitDatasetArgs } from './nn/dataset-methods.js';
import type { EvaluateArgs } from './nn/model-methods.js';
import type { Dims, SymbolicTensor } from './nn/symbolic.js';
import type { NamedTensorMap } from './tensor/containers.js';
import type { Tensor } from './tensor/handle.js';
import type { Rank } from './tensor/rank.js';
import type { Callback, CallbackArgs } from './train/callbacks/callback.js';
import type { FitArgs } from './train/fit.js';
import type { Verbosity } from './train/verbosity.js';

export type Scalar = Tensor<Rank.R0>;
export type Tensor1D = Tensor<Rank.R1>;
export type Tensor2D = Tensor<Rank.R2>;
export type Tensor3D = Tensor<Rank.R3>;
export type Tensor4D = Tensor<Rank.R4>;
export type Tensor5D = Tensor<Rank.R5>;
export type Tensor6D = Tensor<Rank.R6>;

/** Numbers as a tensor of so many axes is made of them. */
export type TensorLike1D = number[] | boolean[] | Float32Array | Int32Array | Uint8Array;
export type TensorLike2D = TensorLike1D | number[][] | boolean[][];
export type TensorLike3D = TensorLike1D | number[][][] | boolean[][][];
export type TensorLike4D = TensorLike1D | number[][][][] | boolean[][][][];

/** Pixels that are bytes. */
export interface PixelData {
  width: number;
  height: number;
  data: Uint8Array;
}
/** The values of a tensor as they lie in memory. */
export type DataValues = Float32Array | Int32Array | Uint8Array;
export type BackendValues = DataValues;
/** A number of one of these kinds. */
export type FlatVector = boolean[] | number[] | Float32Array | Int32Array | Uint8Array;
export type RecursiveArray<T> = { [index: number]: T | RecursiveArray<T> };

/** The shape of a batch; `null` where any length will do. */
export type Shape = Dims;
export type NamedModelInputs = NamedTensorMap;
/** What answers to inputs. */
export interface InferenceModel {
  readonly inputs: readonly SymbolicTensor[];
  readonly outputs: readonly SymbolicTensor[];
  predict(inputs: Tensor | Tensor[] | NamedTensorMap): Tensor | Tensor[] | NamedTensorMap;
}

export type ActivationIdentifier = string;
export type ModelCompileArgs = CompileArgs;
export type ModelFitArgs = FitArgs;
export type ModelFitDatasetArgs<T = unknown> = FitDatasetArgs & { _of?(element: T): void };
export type ModelEvaluateArgs = EvaluateArgs;
export type ModelEvaluateDatasetArgs = EvaluateDatasetArgs;
export interface ModelPredictArgs {
  batchSize?: number;
  verbose?: Verbosity;
}
export type CustomCallbackArgs = CallbackArgs;
export type BaseCallback = Callback;
