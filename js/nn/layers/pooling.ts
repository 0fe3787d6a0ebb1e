/** Pooling, up-sampling, and layers that add or cut edges. */
import type { LayerArgs } from '../args.js';
import { maker, needs, type Pair } from './make.js';

type Triple = number | [number, number, number];

interface Windows<Size> extends LayerArgs {
  poolSize?: Size;
  strides?: Size | null;
  padding?: 'valid' | 'same';
  dataFormat?: 'channelsLast';
}
export type Pooling1DArgs = Windows<number | [number]>;
export type Pooling2DArgs = Windows<Pair>;
export type Pooling3DArgs = Windows<Triple>;
export interface GlobalPoolingArgs extends LayerArgs {
  dataFormat?: 'channelsLast';
  keepDims?: boolean;
}
/** The same at every edge, or down and across, each one number or two. */
export type EdgeCounts = number | [number, number] | [[number, number], [number, number]];
type VolumeEdges = number | [number, number, number] | [[number, number], [number, number], [number, number]];
interface Padded<Edges> extends LayerArgs {
  /** How many zeros at each edge. Default: 1. */
  padding?: Edges;
  dataFormat?: 'channelsLast';
}
export type ZeroPadding1DArgs = Padded<number | [number, number]>;
export type ZeroPadding2DArgs = Padded<EdgeCounts>;
export type ZeroPadding3DArgs = Padded<VolumeEdges>;
export interface Cropping1DArgs extends LayerArgs {
  /** How many steps are cut off at the beginning and at the end. Default: 1. */
  cropping?: number | [number, number];
}
export interface Cropping2DArgs extends LayerArgs {
  /** How many places are cut off at each edge. */
  cropping: EdgeCounts;
  dataFormat?: 'channelsLast';
}
export interface Cropping3DArgs extends LayerArgs {
  /** How many places are cut off at each edge. Default: 1. */
  cropping?: VolumeEdges;
  dataFormat?: 'channelsLast';
}
export interface UpSampling1DArgs extends LayerArgs {
  /** How often each step stands there. Default: 2. */
  size?: number;
}
export interface UpSampling2DArgs extends LayerArgs {
  /** How many times as high and as wide. Default: 2. */
  size?: Pair;
  interpolation?: 'nearest' | 'bilinear';
  dataFormat?: 'channelsLast';
}
export interface UpSampling3DArgs extends LayerArgs {
  /** How many times as deep, as high and as wide. Default: 2. */
  size?: Triple;
  dataFormat?: 'channelsLast';
}
/** Keras says `keepdims` in one word. */
const keepdims = ({ keepDims, ...args }: GlobalPoolingArgs): LayerArgs =>
  ({ ...args, ...(keepDims === undefined ? {} : { keepdims: keepDims }) }) as LayerArgs;

const average1d = maker<Pooling1DArgs>('AveragePooling1D');
const average2d = maker<Pooling2DArgs>('AveragePooling2D');
const average3d = maker<Pooling3DArgs>('AveragePooling3D');
const max1d = maker<Pooling1DArgs>('MaxPooling1D');
const max2d = maker<Pooling2DArgs>('MaxPooling2D');
const max3d = maker<Pooling3DArgs>('MaxPooling3D');

/** Pooling, up-sampling, padding and cropping. */
export const pooling = {
  maxPooling2d: max2d,
  maxPool2d: max2d,
  averagePooling2d: average2d,
  avgPooling2d: average2d,
  avgPool2d: average2d,
  maxPooling1d: max1d,
  maxPool1d: max1d,
  averagePooling1d: average1d,
  avgPooling1d: average1d,
  avgPool1d: average1d,
  maxPooling3d: max3d,
  maxPool3d: max3d,
  averagePooling3d: average3d,
  avgPooling3d: average3d,
  avgPool3d: average3d,
  globalAveragePooling2d: maker<GlobalPoolingArgs>('GlobalAveragePooling2D', keepdims),
  globalMaxPooling2d: maker<GlobalPoolingArgs>('GlobalMaxPooling2D', keepdims),
  globalMaxPool2d: maker<GlobalPoolingArgs>('GlobalMaxPooling2D', keepdims),
  globalAveragePooling1d: maker<GlobalPoolingArgs>('GlobalAveragePooling1D', keepdims),
  globalMaxPooling1d: maker<GlobalPoolingArgs>('GlobalMaxPooling1D', keepdims),
  globalMaxPool1d: maker<GlobalPoolingArgs>('GlobalMaxPooling1D', keepdims),
  globalAveragePooling3d: maker<GlobalPoolingArgs>('GlobalAveragePooling3D', keepdims),
  globalMaxPooling3d: maker<GlobalPoolingArgs>('GlobalMaxPooling3D', keepdims),
  upSampling1d: maker<UpSampling1DArgs>('UpSampling1D'),
  upSampling2d: maker<UpSampling2DArgs>('UpSampling2D'),
  upSampling3d: maker<UpSampling3DArgs>('UpSampling3D'),
  zeroPadding1d: maker<ZeroPadding1DArgs>('ZeroPadding1D'),
  zeroPadding2d: maker<ZeroPadding2DArgs>('ZeroPadding2D'),
  zeroPadding3d: maker<ZeroPadding3DArgs>('ZeroPadding3D'),
  cropping1d: maker<Cropping1DArgs>('Cropping1D'),
  cropping2d: needs<Cropping2DArgs>('Cropping2D'),
  /** TensorFlow.js' name for it. */
  cropping2D: needs<Cropping2DArgs>('Cropping2D'),
  cropping3d: maker<Cropping3DArgs>('Cropping3D'),
};
