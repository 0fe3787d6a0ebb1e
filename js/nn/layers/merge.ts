/** Layers of several inputs. */
import type { LayerArgs } from '../args.js';
import { maker, needs } from './make.js';

/** Layers of several inputs. */
export const merge = {
  add: maker<LayerArgs>('Add'),
  subtract: maker<LayerArgs>('Subtract'),
  multiply: maker<LayerArgs>('Multiply'),
  average: maker<LayerArgs>('Average'),
  maximum: maker<LayerArgs>('Maximum'),
  minimum: maker<LayerArgs>('Minimum'),
  concatenate: maker<LayerArgs & { axis?: number }>('Concatenate'),
  dot: needs<LayerArgs & { axes: number | number[]; normalize?: boolean }>('Dot'),
};
