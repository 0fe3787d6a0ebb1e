// A layer of one's own that holds layers.
import { mapling } from './mapling.mjs';

const { layers, serialization } = mapling;

/** The paths of a layer's weights. */
export const names = (layer) => layer.weights.map(({ name }) => name);

/** A dense layer of ones. */
export const ones = (units, more = {}) =>
  layers.dense({ units, useBias: false, kernelInitializer: 'ones', ...more });

/** Two dense layers: one as a property, one deep in an object. */
export class Block extends layers.Layer {
  static className = 'Block';
  constructor(config = {}) {
    super(config);
    this.units = config.units ?? 2;
    this.dense = ones(this.units);
    this.more = [{ last: ones(1) }, new Map()];
  }
  call(x) {
    return this.more[0].last.apply(this.dense.apply(x));
  }
  getConfig() {
    return { ...super.getConfig(), units: this.units };
  }
}

serialization.registerClass(Block);
