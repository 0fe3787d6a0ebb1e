/** Names that TensorFlow.js gives to types, for programs in TypeScript. */

import type { CompileArgs } from './nn/compile.js';
import type { EvaluateDatasetArgs, FitDatasetArgs } from './nn/dataset-methods.js';
import type { ActivationName } from './nn/layers/make.js';
import type {
  GRUArgs,
  GRUCellArgs,
  LSTMArgs,
  LSTMCellArgs,
  SimpleRNNArgs,
  SimpleRNNCellArgs,
} from './nn/layers/recurrent.js';
import type { EvaluateArgs } from './nn/model-methods.js';
import type { RNNArgs } from './nn/rnn.js';
import type { Dims, SymbolicTensor } from './nn/symbolic.js';
import type { NamedTensorMap } from './tensor/containers.js';
import type { Tensor } from './tensor/handle.js';
import type { Rank } from './tensor/rank.js';
import type { DataType, NumericDataType } from './tensor/values.js';
import type { Callback, CallbackArgs } from './train/callbacks/callback.js';
import type { EarlyStoppingArgs } from './train/callbacks/early-stopping.js';
import type { ClassWeight } from './train/class-weight.js';
import type { FitArgs } from './train/fit.js';
import type { Verbosity } from './train/verbosity.js';
import type { time } from './util.js';

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

/** A value without axes. */
export type ScalarLike = number | boolean;
/** What is known of a tensor without its values. */
export type TensorInfo = Pick<Tensor, 'shape' | 'dtype'>;
/** The kinds that values of a type of JavaScript's may have. */
export type DataTypeFor<T extends number | boolean> = T extends number | boolean ? NumericDataType : never;
/** What `time` gives. */
export type TimingInfo = Awaited<ReturnType<typeof time>>;
/** What `multiRNNCell` is made of. */
export type LSTMCellFunc = (data: Tensor2D, c: Tensor2D, h: Tensor2D) => [Tensor2D, Tensor2D];
/** What a model is given, or gives. */
export interface ModelTensorInfo {
  name: string;
  shape?: number[];
  dtype: DataType;
}

/** The shape of a batch; `null` where any length will do. */
export type Shape = Dims;
export type NamedModelInputs = NamedTensorMap;
/** What answers to inputs. */
export interface InferenceModel {
  readonly inputs: readonly SymbolicTensor[];
  readonly outputs: readonly SymbolicTensor[];
  predict(inputs: Tensor | Tensor[] | NamedTensorMap): Tensor | Tensor[] | NamedTensorMap;
}

export type ActivationIdentifier = ActivationName;
export type LSTMCellLayerArgs = LSTMCellArgs;
export type LSTMLayerArgs = LSTMArgs;
export type GRUCellLayerArgs = GRUCellArgs;
export type GRULayerArgs = GRUArgs;
export type SimpleRNNCellLayerArgs = SimpleRNNCellArgs;
export type SimpleRNNLayerArgs = SimpleRNNArgs;
export type RNNLayerArgs = RNNArgs;
/** How much each class counts, for each output. */
export type ClassWeightMap = { [output: string]: ClassWeight };
export type EarlyStoppingCallbackArgs = EarlyStoppingArgs;
export type ModelCompileArgs = CompileArgs;
export type ModelFitArgs = FitArgs;
export type ModelFitDatasetArgs<T = unknown> = FitDatasetArgs & { _of?(element: T): void };
export type ModelEvaluateArgs = EvaluateArgs;
export type ModelEvaluateDatasetArgs = EvaluateDatasetArgs;
export interface ModelPredictArgs {
  batchSize?: number;
  verbose?: Verbosity;
}
export type ModelPredictConfig = ModelPredictArgs;
export type CustomCallbackArgs = CallbackArgs;
export type BaseCallback = Callback;
