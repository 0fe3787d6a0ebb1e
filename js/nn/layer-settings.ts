/**
 * What programs read off a layer of the library: its settings, as `layer.units`, and its weights, as `layer.kernel`. The
 * page's worker goes without.
 */
import { fault } from '../engine/errors.js';
import { BuiltIn } from './built-in.js';
import { LayerInCore } from './layer-in-core.js';
import type { LayerVariable } from './weights.js';

const WEIGHTS =
  'kernel bias recurrentKernel depthwiseKernel pointwiseKernel embeddings gamma beta movingMean movingVariance alpha';

/** All settings that the library's layers have, but for those that every layer has as members. */
const SETTINGS =
  'activation axis alpha center dataFormat depthMultiplier dilationRate dropout epsilon filters goBackwards inputDim ' +
  'kernelSize maskValue maskZero maxValue mergeMode momentum n negativeSlope outputDim padding poolSize rate ' +
  'recurrentActivation recurrentDropout resetAfter returnSequences returnState scale size stddev strides targetShape dims ' +
  'theta threshold unitForgetBias units useBias cropping numHeads keyDim height width offset ' +
  'interpolation numTokens outputMode groups outputPadding sharedAxes';

const asProperty = (path: string): string =>
  path.slice(path.lastIndexOf('/') + 1).replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** The weight of this name, once there are weights: as soon as the shape of samples is known. */
const weightOf = (layer: BuiltIn, name: string): LayerVariable | undefined =>
  layer.weights.find((weight) => asProperty(weight.name) === name);

const weights = new Set(WEIGHTS.split(' '));
for (const name of new Set([...weights, ...SETTINGS.split(' ')])) {
  if (name in BuiltIn.prototype) continue;
  Object.defineProperty(BuiltIn.prototype, name, {
    configurable: true,
    get(this: BuiltIn): unknown {
      const setting = (weights.has(name) ? weightOf(this, name) : undefined) ?? this.getConfig()[name];
      // As TensorFlow.js spells it.
      return setting === 'channels_last' ? 'channelsLast' : setting;
    },
    set(this: BuiltIn) {
      const how = weights.has(name)
        ? 'setWeights changes weights'
        : 'settings are given where a layer is made';
      throw fault('state', `${this.getClassName()}: ${name}: ${how}`);
    },
  });
}

/** The name is read; where it would be assigned it is told how it is given. */
Object.defineProperty(LayerInCore.prototype, 'name', {
  ...Object.getOwnPropertyDescriptor(LayerInCore.prototype, 'name'),
  set(this: LayerInCore) {
    throw fault('state', `layer ${this.name}: name: a layer is given its name where it is made`);
  },
});

/** The layer that a wrapper is around, where JavaScript has it: that of `timeDistributed`. */
Object.defineProperty(BuiltIn.prototype, 'layer', {
  configurable: true,
  get(this: BuiltIn): unknown {
    return this.getClassName() === 'TimeDistributed' ? this._inner[0] : undefined;
  },
});
