/** Layers that make data ready for a network. */
import type { LayerArgs } from '../args.js';
import { Normalization, type NormalizationArgs } from './adapted.js';
import { maker, needs } from './make.js';

type Interpolation = 'nearest' | 'bilinear';
/** One number, for from minus to plus so much, or both ends. */
type Factor = number | [number, number];

export interface CenterCropArgs extends LayerArgs {
  height: number;
  width: number;
  dataFormat?: 'channelsLast';
}
export interface ResizingArgs extends CenterCropArgs {
  interpolation?: Interpolation;
  /** Cut out the middle that has the result's proportions, instead of distorting. */
  cropToAspectRatio?: boolean;
  /** Add margins of `fillValue` that give the result's proportions. */
  padToAspectRatio?: boolean;
  fillMode?: 'constant';
  fillValue?: number;
  antialias?: false;
}
export interface CategoryEncodingArgs extends LayerArgs {
  numTokens: number;
  /** Default: `multiHot`. */
  outputMode?: 'oneHot' | 'multiHot' | 'count';
  sparse?: false;
}
interface RandomArgs extends LayerArgs {
  /** With one the layer draws from a generator of its own; else the model's seed decides. */
  seed?: number | null;
  dataFormat?: 'channelsLast';
}
interface PlaceArgs extends RandomArgs {
  /** What is seen beyond the edges. Default: `reflect`. */
  fillMode?: 'constant' | 'nearest' | 'reflect' | 'wrap';
  fillValue?: number;
  interpolation?: Interpolation;
}
export interface RandomCropArgs extends RandomArgs {
  height: number;
  width: number;
}
export interface RandomFlipArgs extends RandomArgs {
  mode?: 'horizontal' | 'vertical' | 'horizontalAndVertical' | 'horizontal_and_vertical';
}
export interface RandomRotationArgs extends PlaceArgs {
  /** In whole turns. */
  factor: Factor;
}
export interface RandomZoomArgs extends PlaceArgs {
  heightFactor: Factor;
  widthFactor?: Factor | null;
}
export interface RandomTranslationArgs extends PlaceArgs {
  heightFactor: Factor;
  widthFactor: Factor;
}
export interface RandomColourArgs extends RandomArgs {
  factor: Factor;
  /** The least and the greatest value of a pixel. Default: `[0, 255]`. */
  valueRange?: [number, number];
}

/** What makes data ready, and pictures a little different each time. */
export const preprocessing = {
  resizing: needs<ResizingArgs>('Resizing'),
  centerCrop: needs<CenterCropArgs>('CenterCrop'),
  categoryEncoding: needs<CategoryEncodingArgs>('CategoryEncoding'),
  normalization: (args?: NormalizationArgs): Normalization => new Normalization(args),
  randomCrop: needs<RandomCropArgs>('RandomCrop'),
  randomFlip: maker<RandomFlipArgs>('RandomFlip'),
  randomRotation: needs<RandomRotationArgs>('RandomRotation'),
  randomZoom: needs<RandomZoomArgs>('RandomZoom'),
  randomTranslation: needs<RandomTranslationArgs>('RandomTranslation'),
  randomContrast: needs<RandomColourArgs>('RandomContrast'),
  randomBrightness: needs<RandomColourArgs>('RandomBrightness'),
};
