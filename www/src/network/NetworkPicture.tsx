import type { LayerInfo } from 'mapling/trainer';
import { useEffect, useRef } from 'preact/hooks';
import { laterWords } from '../later/words';
import { explained } from '../parts/explained';
import { type LayerSpec, type PresetName, presets } from '../presets';
import { isPictured } from '../state/inside';
import { network, settings } from '../state/session';
import { layersOf } from '../state/settings';
import { change } from '../state/training';
import { words } from '../words';
import { openEditor } from './editing';
import { lookInto } from './looking';
import { WeightPicture } from './WeightPicture';

const shapeText = (shape: readonly (number | null)[]) => shape.join(' × ');

/** What stands beside a layer's name: the one choice that tells it from others of its kind. */
function detail({ className, config }: LayerSpec): string {
  const size = (value: unknown) => (Array.isArray(value) ? value.join('×') : `${value}×${value}`);
  if (className === 'Dense') return String(config.activation ?? '');
  if (className === 'Conv2D') return `${size(config.kernelSize)} ${config.activation ?? ''}`;
  if (className.endsWith('Pooling2D')) return size(config.poolSize);
  if (className === 'Dropout') return String(config.rate);
  return '';
}

/** One layer's name and shape; hovering or focus tells what it does, and choosing it goes inside. */
function Line({ name, more, shape, tip, onClick }: LineProps) {
  const words = (
    <>
      <b>{name}</b> <span class="layer-detail">{more}</span> <span class="layer-shape">{shape}</span>
    </>
  );
  return onClick ? (
    <button type="button" class="layer-line" onClick={onClick} {...explained(tip)}>
      {words}
    </button>
  ) : (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form
    <div
      class="layer-line"
      role="group"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: focus tells what it is, as hovering does
      tabIndex={0}
      aria-label={`${name} ${more} ${shape}`}
      {...explained(tip)}
    >
      {words}
    </div>
  );
}

interface LineProps {
  name: string;
  more: string;
  shape: string;
  tip: string;
  onClick?: (event: MouseEvent) => void;
}

/** The shape of a layer's kernel, from what is known of the layer. */
function kernelShape({ className, config }: LayerSpec, { outputShape, params }: LayerInfo): number[] {
  const units = outputShape.at(-1) ?? 1;
  // Beside the kernel there is a bias for each unit.
  const weightsPerUnit = params / units - 1;
  if (className !== 'Conv2D') return [weightsPerUnit, units];
  const side = config.kernelSize as number;
  return [side, side, weightsPerUnit / side ** 2, units];
}

/** Layers whose weights make a picture; those of others are a few numbers a unit. */
const hasKernel = ({ className }: LayerSpec): boolean => className === 'Dense' || className === 'Conv2D';

function Layer({ spec, info, index }: { spec: LayerSpec; info: LayerInfo; index: number }) {
  const text = laterWords.value.network;
  return (
    <li class={info.params > 0 ? 'layer learns' : 'layer'}>
      <Line
        name={text.layers[spec.className] ?? spec.className}
        more={detail(spec)}
        shape={shapeText(info.outputShape)}
        tip={words.value.sentences(text.explain[spec.className] ?? '', text.goIn)}
        onClick={(event) => lookInto(info.name, event.currentTarget as HTMLElement)}
      />
      {info.params > 0 && !hasKernel(spec) && <span class="layer-params">{text.params(info.params)}</span>}
      {info.params > 0 && hasKernel(spec) && (
        <WeightPicture index={index} params={info.params} shape={kernelShape(spec, info)} />
      )}
    </li>
  );
}

/** The choice beside the presets. */
const OWN = 'own';

export function NetworkPicture() {
  const text = laterWords.value.network;
  const now = network.value;
  const { net, preset } = settings.value;
  const { augment } = presets[preset];
  const layers = layersOf(settings.value);
  // For a moment after a choice the layers are new and the network still the old one.
  const matches = now?.layers.length === layers.length;
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const watch = new IntersectionObserver(([now]) => {
      isPictured.value = now!.isIntersecting;
    });
    watch.observe(place.current!);
    return () => {
      watch.disconnect();
      isPictured.value = false;
    };
  }, []);
  return (
    <div class="network-picture" ref={place}>
      <div class="network-head">
        <h2 id="network-heading">{text.heading}</h2>
        <select
          data-part="preset"
          aria-label={text.preset}
          value={net ? OWN : preset}
          onChange={(event) => {
            const chosen = event.currentTarget.value;
            if (chosen === OWN) {
              // Nothing is another network until one is built.
              event.currentTarget.value = preset;
              openEditor();
            } else change({ preset: chosen as PresetName, net: '' });
          }}
        >
          {(Object.keys(presets) as PresetName[]).map((name) => (
            <option key={name} value={name}>
              {text.presets[name]}
            </option>
          ))}
          <option value={OWN}>{text.own}</option>
        </select>
      </div>
      <ol class="layers">
        <li class="layer">
          <Line
            name={text.input}
            more={augment ? text.varied : ''}
            shape="28 × 28"
            tip={words.value.sentences(text.explain.input!, ...(augment ? [text.explain.varied!] : []))}
          />
        </li>
        {matches &&
          layers.map((spec, index) => (
            <Layer key={`${net || preset}-${index}`} spec={spec} info={now.layers[index]!} index={index} />
          ))}
      </ol>
      <div class="network-foot">
        <p class="network-total">{matches ? text.total(now.params) : '\u00a0'}</p>
        <button type="button" data-part="edit-network" onClick={openEditor}>
          {text.edit}
        </button>
      </div>
    </div>
  );
}
