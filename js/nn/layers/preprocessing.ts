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
export default {
  /**
   * Pictures of another size.
   * @example layers.resizing({ height: 2, width: 4 }).apply(ones([1, 8, 8, 3])).shape; // → [1, 2, 4, 3]
   */
  resizing: needs<ResizingArgs>('Resizing'),
  /**
   * The middle of pictures.
   * @example layers.centerCrop({ height: 1, width: 1 }).apply(range(0, 9).reshape([1, 3, 3, 1])).dataSync(); // → [4]
   */
  centerCrop: needs<CenterCropArgs>('CenterCrop'),
  /**
   * Whole numbers as rows of zeros and ones.
   * @example layers.categoryEncoding({ numTokens: 3, outputMode: 'oneHot' }).apply([[2], [0]]); // → [[0, 0, 1], [1, 0, 0]]
   */
  categoryEncoding: needs<CategoryEncodingArgs>('CategoryEncoding'),
  /**
   * Values with the mean 0 and the variance 1: of a mean and a variance that are given, or that `adapt` finds.
   * @example layers.normalization({ mean: 3, variance: 4 }).apply([[5, 1]]); // → [[1, -1]]
   */
  normalization: (args?: NormalizationArgs): Normalization => new Normalization(args),
  /**
   * In training, a part of pictures at a place that is drawn; at any other time the middle.
   * @example layers.randomCrop({ height: 2, width: 2 }).apply(ones([1, 4, 4, 1])).shape; // → [1, 2, 2, 1]
   */
  randomCrop: needs<RandomCropArgs>('RandomCrop'),
  /**
   * In training, mirrors pictures by chance.
   * @example layers.randomFlip({ mode: 'horizontal' }).apply(ones([1, 2, 2, 1])).shape; // → [1, 2, 2, 1]
   */
  randomFlip: maker<RandomFlipArgs>('RandomFlip'),
  /**
   * In training, turns pictures by up to this share of a turn.
   * @example layers.randomRotation({ factor: 0.1 }).apply(ones([1, 2, 2, 1])).shape; // → [1, 2, 2, 1]
   */
  randomRotation: needs<RandomRotationArgs>('RandomRotation'),
  /**
   * In training, makes pictures larger or smaller.
   * @example layers.randomZoom({ heightFactor: 0.1 }).apply(ones([1, 2, 2, 1])).shape; // → [1, 2, 2, 1]
   */
  randomZoom: needs<RandomZoomArgs>('RandomZoom'),
  /**
   * In training, moves pictures.
   * @example layers.randomTranslation({ heightFactor: 0.1, widthFactor: 0.1 }).apply(ones([1, 2, 2, 1])).shape; // → [1, 2, 2, 1]
   */
  randomTranslation: needs<RandomTranslationArgs>('RandomTranslation'),
  /**
   * In training, changes the contrast of pictures.
   * @example layers.randomContrast({ factor: 0.1 }).apply(ones([1, 2, 2, 1])).shape; // → [1, 2, 2, 1]
   */
  randomContrast: needs<RandomColourArgs>('RandomContrast'),
  /**
   * In training, changes how bright pictures are.
   * @example layers.randomBrightness({ factor: 0.1 }).apply(ones([1, 2, 2, 1])).shape; // → [1, 2, 2, 1]
   */
  randomBrightness: needs<RandomColourArgs>('RandomBrightness'),
};
