/** Layers of several inputs. */
import type { LayerArgs } from '../args.js';
import { maker, needs } from './make.js';

/** Layers of several inputs. */
export default {
  /**
   * The sum of several inputs.
   * @example layers.add().apply([[[1, 2]], [[10, 20]]].map((rows) => tensor(rows))); // → [[11, 22]]
   */
  add: maker<LayerArgs>('Add'),
  /**
   * The first input without the second.
   * @example layers.subtract().apply([tensor([[5, 7]]), tensor([[1, 2]])]); // → [[4, 5]]
   */
  subtract: maker<LayerArgs>('Subtract'),
  /**
   * The product of several inputs.
   * @example layers.multiply().apply([tensor([[2, 3]]), tensor([[4, 5]])]); // → [[8, 15]]
   */
  multiply: maker<LayerArgs>('Multiply'),
  /**
   * The mean of several inputs.
   * @example layers.average().apply([tensor([[1, 2]]), tensor([[3, 4]])]); // → [[2, 3]]
   */
  average: maker<LayerArgs>('Average'),
  /**
   * The largest of several inputs.
   * @example layers.maximum().apply([tensor([[1, 5]]), tensor([[4, 2]])]); // → [[4, 5]]
   */
  maximum: maker<LayerArgs>('Maximum'),
  /**
   * The smallest of several inputs.
   * @example layers.minimum().apply([tensor([[1, 5]]), tensor([[4, 2]])]); // → [[1, 2]]
   */
  minimum: maker<LayerArgs>('Minimum'),
  /**
   * Several inputs, one after the other along `axis`, −1 if nothing else is said. Along the batch axis, 0, it takes
   * tensors, and is refused in models, whose samples keep their number.
   * @example layers.concatenate().apply([tensor([[1, 2]]), tensor([[3]])]); // → [[1, 2, 3]]
   */
  concatenate: maker<LayerArgs & { axis?: number }>('Concatenate'),
  /**
   * Products of two inputs along axes.
   * @example layers.dot({ axes: 1 }).apply([tensor([[1, 2]]), tensor([[3, 4]])]); // → [[11]]
   */
  dot: needs<LayerArgs & { axes: number | number[]; normalize?: boolean }>('Dot'),
};
