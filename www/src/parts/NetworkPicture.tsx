import type { LayerInfo, LayerSpec } from 'mapling/trainer';
import { type PresetName, presets } from '../presets';
import { change, network } from '../state/session';
import { settings } from '../state/settings';
import { words } from '../words';
import { WeightPicture } from './WeightPicture';

const shapeText = (shape: readonly number[]) => shape.join(' × ');

/** What stands beside a layer's name: the one choice that tells it from others of its kind. */
function detail({ className, config }: LayerSpec): string {
  const size = (value: unknown) => (Array.isArray(value) ? value.join('×') : `${value}×${value}`);
  if (className === 'Dense') return String(config.activation ?? '');
  if (className === 'Conv2D') return `${size(config.kernelSize)} ${config.activation ?? ''}`;
  if (className.endsWith('Pooling2D')) return size(config.poolSize);
  if (className === 'Dropout') return String(config.rate);
  return '';
}

function Layer({ spec, info, index }: { spec: LayerSpec; info: LayerInfo; index: number }) {
  const text = words.value.network;
  return (
    <li class={info.params > 0 ? 'layer learns' : 'layer'} data-tip={text.explain[spec.className]}>
      <div class="layer-line">
        <b>{text.layers[spec.className] ?? spec.className}</b>
        <span class="layer-detail">{detail(spec)}</span>
        <span class="layer-shape">{shapeText(info.outputShape)}</span>
      </div>
      {info.params > 0 && <WeightPicture index={index} params={info.params} />}
    </li>
  );
}

export function NetworkPicture() {
  const text = words.value.network;
  const now = network.value;
  const { layers } = presets[settings.value.preset];
  // For a moment after a choice the layers are new and the network still the old one.
  const matches = now?.layers.length === layers.length;
  return (
    <div class="network-picture">
      <div class="network-head">
        <h2 id="network-heading">{text.heading}</h2>
        <select
          data-part="preset"
          aria-label={text.preset}
          value={settings.value.preset}
          onChange={(event) => change({ preset: event.currentTarget.value as PresetName })}
        >
          {(Object.keys(presets) as PresetName[]).map((name) => (
            <option key={name} value={name}>
              {text.presets[name]}
            </option>
          ))}
        </select>
      </div>
      <ol class="layers">
        <li class="layer" data-tip={text.explain.input}>
          <div class="layer-line">
            <b>{text.input}</b>
            <span class="layer-shape">28 × 28</span>
          </div>
        </li>
        {matches &&
          layers.map((spec, index) => (
            <Layer
              key={`${settings.value.preset}-${index}`}
              spec={spec}
              info={now.layers[index]!}
              index={index}
            />
          ))}
      </ol>
      <p class="network-total">{matches ? text.total(now.params) : '\u00a0'}</p>
    </div>
  );
}
