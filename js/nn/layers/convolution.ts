/** Convolutions. */
import type { LayerArgs } from '../args.js';
import {
  type ActivationName,
  type ConstraintName,
  type InitializerName,
  needs,
  type Pair,
  type RegularizerName,
  type Weighted,
} from './make.js';

type Single = number | [number];
type Triple = number | [number, number, number];

export interface Conv2DArgs extends Weighted {
  filters: number;
  kernelSize: Pair;
  strides?: Pair;
  padding?: 'valid' | 'same';
  dilationRate?: Pair;
  dataFormat?: 'channelsLast';
}
export interface Conv1DArgs extends Weighted {
  filters: number;
  kernelSize: Single;
  strides?: Single;
  /** `causal`: a step sees nothing that comes later. */
  padding?: 'valid' | 'same' | 'causal';
  dilationRate?: Single;
  dataFormat?: 'channelsLast';
}
export interface Conv3DArgs extends Weighted {
  filters: number;
  kernelSize: Triple;
  strides?: Triple;
  padding?: 'valid' | 'same';
  dilationRate?: Triple;
  dataFormat?: 'channelsLast';
}
export interface Conv2DTransposeArgs extends Conv2DArgs {
  /** How much longer the output is than the shortest that fits, below the strides. */
  outputPadding?: Pair | null;
}
export interface Conv3DTransposeArgs extends Conv3DArgs {
  /** How much longer the output is than the shortest that fits, below the strides. */
  outputPadding?: Triple | null;
}
interface Depthwise extends LayerArgs {
  /** How many kernels each channel has. Default: 1. */
  depthMultiplier?: number;
  padding?: 'valid' | 'same';
  dataFormat?: 'channelsLast';
  activation?: ActivationName;
  useBias?: boolean;
  depthwiseInitializer?: InitializerName;
  biasInitializer?: InitializerName;
  depthwiseRegularizer?: RegularizerName;
  biasRegularizer?: RegularizerName;
  activityRegularizer?: RegularizerName;
  depthwiseConstraint?: ConstraintName;
  biasConstraint?: ConstraintName;
}
export interface DepthwiseConv2DArgs extends Depthwise {
  kernelSize: Pair;
  strides?: Pair;
  dilationRate?: Pair;
}
interface Separable extends Depthwise {
  filters: number;
  pointwiseInitializer?: InitializerName;
  pointwiseRegularizer?: RegularizerName;
  pointwiseConstraint?: ConstraintName;
}
export interface SeparableConv1DArgs extends Separable {
  kernelSize: Single;
  strides?: Single;
  dilationRate?: Single;
}
export interface SeparableConv2DArgs extends Separable {
  kernelSize: Pair;
  strides?: Pair;
  dilationRate?: Pair;
}

/** Convolutions. */
export default {
  /**
   * Kernels that move over pictures `[n, height, width, channels]`.
   * @example
   * const conv = layers.conv2d({ filters: 1, kernelSize: 2, kernelInitializer: 'ones' });
   * conv.apply(tensor4d([1, 2, 3, 4], [1, 2, 2, 1])).dataSync(); // → [10]
   */
  conv2d: needs<Conv2DArgs>('Conv2D'),
  /**
   * Kernels that move along sequences `[n, steps, channels]`.
   * @example
   * const conv = layers.conv1d({ filters: 1, kernelSize: 2, kernelInitializer: 'ones', padding: 'causal' });
   * conv.apply(tensor3d([[[1], [2], [3]]])).dataSync(); // → [1, 3, 5]
   */
  conv1d: needs<Conv1DArgs>('Conv1D'),
  /**
   * Kernels that move through volumes `[n, depth, height, width, channels]`.
   * @example
   * const conv = layers.conv3d({ filters: 1, kernelSize: 2, kernelInitializer: 'ones' });
   * conv.apply(range(0, 8).reshape([1, 2, 2, 2, 1])).dataSync(); // → [28]
   */
  conv3d: needs<Conv3DArgs>('Conv3D'),
  /**
   * The way back from a convolution: pictures become larger.
   * @example
   * const larger = layers.conv2dTranspose({ filters: 1, kernelSize: 2, strides: 2, kernelInitializer: 'ones' });
   * larger.apply(tensor4d([1, 2], [1, 1, 2, 1])).reshape([2, 4]); // → [[1, 1, 2, 2], [1, 1, 2, 2]]
   */
  conv2dTranspose: needs<Conv2DTransposeArgs>('Conv2DTranspose'),
  /**
   * The way back from a convolution in three dimensions.
   * @example
   * const larger = layers.conv3dTranspose({ filters: 1, kernelSize: 2, strides: 2 });
   * larger.apply(zeros([1, 1, 1, 1, 1])).shape; // → [1, 2, 2, 2, 1]
   */
  conv3dTranspose: needs<Conv3DTransposeArgs>('Conv3DTranspose'),
  /**
   * A kernel for each channel by itself.
   * @example
   * const conv = layers.depthwiseConv2d({ kernelSize: [1, 2], depthwiseInitializer: 'ones' });
   * conv.apply(tensor4d([1, 10, 2, 20], [1, 1, 2, 2])).dataSync(); // → [3, 30]
   */
  depthwiseConv2d: needs<DepthwiseConv2DArgs>('DepthwiseConv2D'),
  /**
   * A kernel for each channel, then products across channels.
   * @example layers.separableConv2d({ filters: 3, kernelSize: 2 }).apply(zeros([1, 4, 4, 2])).shape; // → [1, 3, 3, 3]
   */
  separableConv2d: needs<SeparableConv2DArgs>('SeparableConv2D'),
  /**
   * The same along sequences.
   * @example layers.separableConv1d({ filters: 3, kernelSize: 2 }).apply(zeros([1, 4, 2])).shape; // → [1, 3, 3]
   */
  separableConv1d: needs<SeparableConv1DArgs>('SeparableConv1D'),
};
