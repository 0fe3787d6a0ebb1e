/** Pooling, and layers that add or cut edges of pictures. */
import type { LayerArgs } from '../args.js';
import { maker, needs, type Pair } from './make.js';

export interface Pooling2DArgs extends LayerArgs {
  poolSize?: Pair;
  strides?: Pair;
  padding?: 'valid' | 'same';
  dataFormat?: 'channelsLast';
}
export interface GlobalPoolingArgs extends LayerArgs {
  dataFormat?: 'channelsLast';
  keepDims?: boolean;
}
/** The same at every edge, or down and across, each one number or two. */
export type EdgeCounts = number | [number, number] | [[number, number], [number, number]];
export interface ZeroPadding2DArgs extends LayerArgs {
  /** How many zeros at each edge. Default: 1. */
  padding?: EdgeCounts;
  dataFormat?: 'channelsLast';
}
export interface Cropping2DArgs extends LayerArgs {
  /** How many places are cut off at each edge. */
  cropping: EdgeCounts;
  dataFormat?: 'channelsLast';
}
/** Keras says `keepdims` in one word. */
const keepdims = ({ keepDims, ...args }: GlobalPoolingArgs): LayerArgs =>
  ({ ...args, ...(keepDims === undefined ? {} : { keepdims: keepDims }) }) as LayerArgs;

/** Pooling, padding and cropping. */
export const pooling = {
  maxPooling2d: maker<Pooling2DArgs>('MaxPooling2D'),
  maxPool2d: maker<Pooling2DArgs>('MaxPooling2D'),
  averagePooling2d: maker<Pooling2DArgs>('AveragePooling2D'),
  avgPooling2d: maker<Pooling2DArgs>('AveragePooling2D'),
  avgPool2d: maker<Pooling2DArgs>('AveragePooling2D'),
  globalAveragePooling2d: maker<GlobalPoolingArgs>('GlobalAveragePooling2D', keepdims),
  globalMaxPooling2d: maker<GlobalPoolingArgs>('GlobalMaxPooling2D', keepdims),
  globalMaxPool2d: maker<GlobalPoolingArgs>('GlobalMaxPooling2D', keepdims),
  globalAveragePooling1d: maker<GlobalPoolingArgs>('GlobalAveragePooling1D', keepdims),
  globalMaxPooling1d: maker<GlobalPoolingArgs>('GlobalMaxPooling1D', keepdims),
  globalMaxPool1d: maker<GlobalPoolingArgs>('GlobalMaxPooling1D', keepdims),
  zeroPadding2d: maker<ZeroPadding2DArgs>('ZeroPadding2D'),
  cropping2d: needs<Cropping2DArgs>('Cropping2D'),
};
