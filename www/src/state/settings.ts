import { effect, signal } from '@preact/signals';
import type { ModelSource } from 'mapling/trainer';
import { type OptimizerName, optimizers, type PresetName, presets } from '../presets';

/** What the visitor chooses. All of it can stand in the address, as `#preset=lenet&seed=7` or `?preset=lenet&seed=7`. */
export interface Settings {
  preset: PresetName;
  learningRate: number;
  batchSize: number;
  epochs: number;
  optimizer: OptimizerName;
  seed: number;
}

const defaults = (preset: PresetName, optimizer: OptimizerName = 'adam'): Settings => {
  const { learningRate, batchSize, epochs } = presets[preset];
  const rate = optimizers[optimizer].learningRate ?? learningRate;
  return { preset, learningRate: rate, batchSize, epochs, optimizer, seed: 1 };
};

/** The range each number may have; anything else is refused and the old value stays. */
export const ranges = {
  learningRate: { min: 1e-6, max: 10, whole: false },
  batchSize: { min: 1, max: 1024, whole: true },
  epochs: { min: 1, max: 100, whole: true },
  seed: { min: 0, max: 4294967295, whole: true },
} as const;

export type NumberSetting = keyof typeof ranges;
const numberSettings = Object.keys(ranges) as NumberSetting[];

export function isAllowed(name: NumberSetting, value: number): boolean {
  const { min, max, whole } = ranges[name];
  return value >= min && value <= max && (!whole || Number.isInteger(value));
}

export function readAddress(query: string, hash: string): Settings {
  const asked = new URLSearchParams(`${query.replace(/^\?/, '')}&${hash.replace(/^#/, '')}`);
  const preset = asked.get('preset') ?? '';
  const optimizer = asked.get('optimizer') ?? '';
  const found = defaults(
    Object.hasOwn(presets, preset) ? (preset as PresetName) : 'dense',
    Object.hasOwn(optimizers, optimizer) ? (optimizer as OptimizerName) : 'adam',
  );
  for (const name of numberSettings) {
    const text = asked.get(name);
    if (text && isAllowed(name, Number(text))) found[name] = Number(text);
  }
  return found;
}

/** Only what differs from the preset's own settings, so that the address stays short. */
function writeAddress(now: Settings): string {
  const usual = defaults(now.preset, now.optimizer);
  const said = new URLSearchParams();
  if (now.preset !== 'dense') said.set('preset', now.preset);
  if (now.optimizer !== 'adam') said.set('optimizer', now.optimizer);
  for (const name of numberSettings) if (now[name] !== usual[name]) said.set(name, String(now[name]));
  return said.toString();
}

export const settings = signal<Settings>(readAddress(location.search, location.hash));

effect(() => {
  const hash = writeAddress(settings.value);
  // What the query says of settings moves into the hash, so that it does not come back with the next visit.
  const query = new URLSearchParams(location.search);
  for (const name of Object.keys(settings.value)) query.delete(name);
  const search = query.size > 0 ? `?${query}` : '';
  if (hash !== location.hash.slice(1) || search !== location.search) {
    history.replaceState(null, '', location.pathname + search + (hash && `#${hash}`));
  }
});

/** Another preset or optimizer brings its own usual numbers along, except for those the visitor had changed. */
export function withChange(now: Settings, part: Partial<Settings>): Settings {
  const next = { ...now, ...part };
  const was = defaults(now.preset, now.optimizer);
  const becomes = defaults(next.preset, next.optimizer);
  for (const name of ['learningRate', 'batchSize', 'epochs'] as const) {
    if (part[name] === undefined && now[name] === was[name]) next[name] = becomes[name];
  }
  return next;
}

/** The network that these settings describe, for pictures of this height and width. */
export function modelSource(
  { preset, optimizer, learningRate, seed }: Settings,
  [height, width]: [number, number] = [28, 28],
): ModelSource {
  const { className, config } = optimizers[optimizer];
  const layers = presets[preset].layers.map((layer) => ({
    class_name: layer.className,
    config: layer.config,
  }));
  return {
    json: { class_name: 'Sequential', config: { layers } },
    compile: {
      optimizer: { className, config: { ...config, learningRate } },
      loss: 'sparseCategoricalCrossentropy',
      metrics: ['accuracy'],
    },
    inputShape: [height, width, 1],
    seed,
  };
}
