/** Convolutions. */
import { needs, type Pair, type Weighted } from './make.js';

export interface Conv2DArgs extends Weighted {
  filters: number;
  kernelSize: Pair;
  strides?: Pair;
  padding?: 'valid' | 'same';
  dilationRate?: Pair;
  dataFormat?: 'channelsLast';
}

/** Convolutions. */
export const convolution = {
  conv2d: needs<Conv2DArgs>('Conv2D'),
};
