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
export default {
  /**
   * The largest value of each window, 2 × 2 by default.
   * @example layers.maxPooling2d().apply(tensor4d([1, 2, 3, 4], [1, 2, 2, 1])).dataSync(); // → [4]
   */
  maxPooling2d: max2d,
  /**
   * TensorFlow.js' other name for `maxPooling2d`.
   * @example layers.maxPool2d({ poolSize: 1 }).apply(tensor4d([1, 2], [1, 1, 2, 1])).dataSync(); // → [1, 2]
   */
  maxPool2d: max2d,
  /**
   * The mean of each window.
   * @example layers.averagePooling2d().apply(tensor4d([1, 2, 3, 4], [1, 2, 2, 1])).dataSync(); // → [2.5]
   */
  averagePooling2d: average2d,
  /**
   * TensorFlow.js' other name for `averagePooling2d`.
   * @example layers.avgPooling2d().apply(ones([1, 4, 4, 1])).shape; // → [1, 2, 2, 1]
   */
  avgPooling2d: average2d,
  /**
   * TensorFlow.js' other name for `averagePooling2d`.
   * @example layers.avgPool2d({ strides: 1 }).apply(ones([1, 4, 4, 1])).shape; // → [1, 3, 3, 1]
   */
  avgPool2d: average2d,
  /**
   * The largest value of every two steps, or of `poolSize`.
   * @example layers.maxPooling1d().apply(tensor3d([[[1], [5], [2], [4]]])).dataSync(); // → [5, 4]
   */
  maxPooling1d: max1d,
  /**
   * TensorFlow.js' other name for `maxPooling1d`.
   * @example layers.maxPool1d({ poolSize: 4 }).apply(tensor3d([[[1], [5], [2], [4]]])).dataSync(); // → [5]
   */
  maxPool1d: max1d,
  /**
   * The mean of every two steps, or of `poolSize`.
   * @example layers.averagePooling1d().apply(tensor3d([[[1], [5], [2], [4]]])).dataSync(); // → [3, 3]
   */
  averagePooling1d: average1d,
  /**
   * TensorFlow.js' other name for `averagePooling1d`.
   * @example layers.avgPooling1d({ poolSize: 4 }).apply(tensor3d([[[1], [5], [2], [4]]])).dataSync(); // → [3]
   */
  avgPooling1d: average1d,
  /**
   * TensorFlow.js' other name for `averagePooling1d`.
   * @example layers.avgPool1d({ strides: 1 }).apply(ones([1, 4, 1])).shape; // → [1, 3, 1]
   */
  avgPool1d: average1d,
  /**
   * The largest value of each window of a volume.
   * @example layers.maxPooling3d().apply(range(0, 8).reshape([1, 2, 2, 2, 1])).dataSync(); // → [7]
   */
  maxPooling3d: max3d,
  /**
   * TensorFlow.js' other name for `maxPooling3d`.
   * @example layers.maxPool3d().apply(ones([1, 4, 4, 4, 1])).shape; // → [1, 2, 2, 2, 1]
   */
  maxPool3d: max3d,
  /**
   * The mean of each window of a volume.
   * @example layers.averagePooling3d().apply(range(0, 8).reshape([1, 2, 2, 2, 1])).dataSync(); // → [3.5]
   */
  averagePooling3d: average3d,
  /**
   * TensorFlow.js' other name for `averagePooling3d`.
   * @example layers.avgPooling3d().apply(ones([1, 4, 4, 4, 1])).shape; // → [1, 2, 2, 2, 1]
   */
  avgPooling3d: average3d,
  /**
   * TensorFlow.js' other name for `averagePooling3d`.
   * @example layers.avgPool3d({ poolSize: 4 }).apply(ones([1, 4, 4, 4, 1])).shape; // → [1, 1, 1, 1, 1]
   */
  avgPool3d: average3d,
  /**
   * The mean of each channel.
   * @example layers.globalAveragePooling2d().apply(tensor4d([1, 2, 3, 4], [1, 2, 2, 1])); // → [[2.5]]
   */
  globalAveragePooling2d: maker<GlobalPoolingArgs>('GlobalAveragePooling2D', keepdims),
  /**
   * The largest value of each channel.
   * @example layers.globalMaxPooling2d().apply(tensor4d([1, 2, 3, 4], [1, 2, 2, 1])); // → [[4]]
   */
  globalMaxPooling2d: maker<GlobalPoolingArgs>('GlobalMaxPooling2D', keepdims),
  /**
   * TensorFlow.js' other name for `globalMaxPooling2d`.
   * @example layers.globalMaxPool2d({ keepDims: true }).apply(ones([1, 4, 4, 2])).shape; // → [1, 1, 1, 2]
   */
  globalMaxPool2d: maker<GlobalPoolingArgs>('GlobalMaxPooling2D', keepdims),
  /**
   * The mean over all steps; masked ones do not count.
   * @example layers.globalAveragePooling1d().apply([[[1], [3]]]); // → [[2]]
   */
  globalAveragePooling1d: maker<GlobalPoolingArgs>('GlobalAveragePooling1D', keepdims),
  /** The largest value of all steps. @example layers.globalMaxPooling1d().apply([[[1], [3]]]); // → [[3]] */
  globalMaxPooling1d: maker<GlobalPoolingArgs>('GlobalMaxPooling1D', keepdims),
  /**
   * TensorFlow.js' other name for `globalMaxPooling1d`.
   * @example layers.globalMaxPool1d({ keepDims: true }).apply([[[1], [3]]]); // → [[[3]]]
   */
  globalMaxPool1d: maker<GlobalPoolingArgs>('GlobalMaxPooling1D', keepdims),
  /**
   * The mean of each channel of a volume.
   * @example layers.globalAveragePooling3d().apply(range(0, 8).reshape([1, 2, 2, 2, 1])); // → [[3.5]]
   */
  globalAveragePooling3d: maker<GlobalPoolingArgs>('GlobalAveragePooling3D', keepdims),
  /**
   * The largest value of each channel of a volume.
   * @example layers.globalMaxPooling3d().apply(range(0, 8).reshape([1, 2, 2, 2, 1])); // → [[7]]
   */
  globalMaxPooling3d: maker<GlobalPoolingArgs>('GlobalMaxPooling3D', keepdims),
  /**
   * Each step `size` times.
   * @example layers.upSampling1d({ size: 2 }).apply([[[1], [2]]]).dataSync(); // → [1, 1, 2, 2]
   */
  upSampling1d: maker<UpSampling1DArgs>('UpSampling1D'),
  /**
   * Each pixel `size` times down and across.
   * @example layers.upSampling2d().apply(tensor4d([1, 2], [1, 1, 2, 1])).reshape([2, 4]); // → [[1, 1, 2, 2], [1, 1, 2, 2]]
   */
  upSampling2d: maker<UpSampling2DArgs>('UpSampling2D'),
  /**
   * Each value of a volume `size` times in each direction.
   * @example layers.upSampling3d().apply(ones([1, 1, 1, 1, 1])).shape; // → [1, 2, 2, 2, 1]
   */
  upSampling3d: maker<UpSampling3DArgs>('UpSampling3D'),
  /**
   * Zeros before and after the steps.
   * @example layers.zeroPadding1d({ padding: [1, 0] }).apply([[[1], [2]]]).dataSync(); // → [0, 1, 2]
   */
  zeroPadding1d: maker<ZeroPadding1DArgs>('ZeroPadding1D'),
  /**
   * Zeros around pictures.
   * @example layers.zeroPadding2d().apply(ones([1, 1, 1, 1])).reshape([3, 3]); // → [[0, 0, 0], [0, 1, 0], [0, 0, 0]]
   */
  zeroPadding2d: maker<ZeroPadding2DArgs>('ZeroPadding2D'),
  /**
   * Zeros around volumes.
   * @example layers.zeroPadding3d({ padding: 1 }).apply(ones([1, 1, 1, 1, 1])).shape; // → [1, 3, 3, 3, 1]
   */
  zeroPadding3d: maker<ZeroPadding3DArgs>('ZeroPadding3D'),
  /**
   * Cuts off steps at the beginning and at the end.
   * @example layers.cropping1d({ cropping: [1, 0] }).apply([[[1], [2], [3]]]).dataSync(); // → [2, 3]
   */
  cropping1d: maker<Cropping1DArgs>('Cropping1D'),
  /**
   * Cuts off the edges of pictures.
   * @example layers.cropping2d({ cropping: 1 }).apply(range(0, 9).reshape([1, 3, 3, 1])).dataSync(); // → [4]
   */
  cropping2d: needs<Cropping2DArgs>('Cropping2D'),
  /**
   * TensorFlow.js' other name for `cropping2d`.
   * @example layers.cropping2D({ cropping: 1 }).apply(ones([1, 3, 4, 1])).shape; // → [1, 1, 2, 1]
   */
  cropping2D: needs<Cropping2DArgs>('Cropping2D'),
  /**
   * Cuts off the edges of volumes.
   * @example layers.cropping3d().apply(ones([1, 3, 4, 5, 1])).shape; // → [1, 1, 2, 3, 1]
   */
  cropping3d: maker<Cropping3DArgs>('Cropping3D'),
};
