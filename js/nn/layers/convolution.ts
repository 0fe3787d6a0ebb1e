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
export const convolution = {
  conv2d: needs<Conv2DArgs>('Conv2D'),
  conv1d: needs<Conv1DArgs>('Conv1D'),
  conv3d: needs<Conv3DArgs>('Conv3D'),
  conv2dTranspose: needs<Conv2DTransposeArgs>('Conv2DTranspose'),
  conv3dTranspose: needs<Conv3DTransposeArgs>('Conv3DTranspose'),
  depthwiseConv2d: needs<DepthwiseConv2DArgs>('DepthwiseConv2D'),
  separableConv2d: needs<SeparableConv2DArgs>('SeparableConv2D'),
  separableConv1d: needs<SeparableConv1DArgs>('SeparableConv1D'),
};
