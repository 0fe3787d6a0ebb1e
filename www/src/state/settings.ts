import { effect, signal } from '@preact/signals';
import type { ModelSpec } from 'mapling/trainer';
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

const defaults = (preset: PresetName): Settings => {
  const { batchSize, epochs } = presets[preset];
  return {
    preset,
    batchSize,
    epochs,
    optimizer: 'adam',
    learningRate: optimizers.adam.learningRate,
    seed: 1,
  };
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
  const found = defaults(Object.hasOwn(presets, preset) ? (preset as PresetName) : 'dense');
  const optimizer = asked.get('optimizer') ?? '';
  if (Object.hasOwn(optimizers, optimizer)) {
    found.optimizer = optimizer as OptimizerName;
    found.learningRate = optimizers[found.optimizer].learningRate;
  }
  for (const name of numberSettings) {
    const text = asked.get(name);
    if (text && isAllowed(name, Number(text))) found[name] = Number(text);
  }
  return found;
}

/** Only what differs from the preset's own settings, so that the address stays short. */
function writeAddress(now: Settings): string {
  const usual: Settings = { ...defaults(now.preset), learningRate: optimizers[now.optimizer].learningRate };
  const said = new URLSearchParams();
  if (now.preset !== 'dense') said.set('preset', now.preset);
  if (now.optimizer !== usual.optimizer) said.set('optimizer', now.optimizer);
  for (const name of numberSettings) if (now[name] !== usual[name]) said.set(name, String(now[name]));
  return said.toString();
}

export const settings = signal<Settings>(readAddress(location.search, location.hash));

effect(() => {
  const hash = writeAddress(settings.value);
  // What stood in the query moves into the hash at the first change; both say the same until then.
  if (hash !== location.hash.slice(1)) {
    history.replaceState(null, '', hash ? `#${hash}` : location.pathname + location.search);
  }
});

/** Another preset or optimizer brings its own usual numbers along, except for those the visitor had changed. */
export function withChange(now: Settings, part: Partial<Settings>): Settings {
  const next = { ...now, ...part };
  const was = defaults(now.preset);
  const becomes = defaults(next.preset);
  if (part.preset) {
    if (now.batchSize === was.batchSize) next.batchSize = becomes.batchSize;
    if (now.epochs === was.epochs) next.epochs = becomes.epochs;
  }
  if (part.optimizer && now.learningRate === optimizers[now.optimizer].learningRate) {
    next.learningRate = optimizers[part.optimizer].learningRate;
  }
  return next;
}

/** The network that these settings describe. */
export function modelSpec({ preset, optimizer, learningRate, seed }: Settings): ModelSpec {
  const { className, config } = optimizers[optimizer];
  return {
    layers: presets[preset].layers,
    optimizer: { className, config: { ...config, learningRate } },
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
    seed,
  };
}
