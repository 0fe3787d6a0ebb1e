/** Dense layers, activations as layers, dropout and what only changes shapes. */
import type { LayerArgs } from '../args.js';
import { InputLayer, type InputLayerArgs } from '../input-layer.js';
import type { Layer } from '../layer.js';
import type { Dims } from '../symbolic.js';
import { maker, needs, type Weighted } from './make.js';

export interface DenseArgs extends Weighted {
  units: number;
}

/** Dense layers, dropout, shapes. */
export const basic = {
  dense: needs<DenseArgs>('Dense'),
  flatten: maker<LayerArgs & { dataFormat?: 'channelsLast' }>('Flatten'),
  reshape: needs<LayerArgs & { targetShape: number[] }>('Reshape'),
  permute: needs<LayerArgs & { dims: number[] }>('Permute'),
  repeatVector: needs<LayerArgs & { n: number }>('RepeatVector'),
  dropout: needs<LayerArgs & { rate: number; noiseShape?: Dims; seed?: null }>('Dropout'),
  rescaling: needs<LayerArgs & { scale: number; offset?: number }>('Rescaling'),
  inputLayer: (args: InputLayerArgs): Layer => new InputLayer(args),
};
