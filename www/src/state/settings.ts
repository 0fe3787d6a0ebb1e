import type { ModelSource, PlannedAdjustment } from 'mapling/trainer';
import { type LayerSpec, type OptimizerName, optimizers, type PresetName, presets } from '../presets';

/** What the visitor chooses. All of it can stand in the address, as `#preset=lenet&seed=7` or `?preset=lenet&seed=7`. */
export interface Settings {
  preset: PresetName;
  learningRate: number;
  batchSize: number;
  epochs: number;
  optimizer: OptimizerName;
  seed: number;
  /** What is kept of the step before, where the optimizer has it. */
  momentum: number;
  /** Layers of the visitor's own, as the address spells them; empty for the preset's. */
  net: string;
  /** What was changed on the way, as the address spells it; empty where nothing was. */
  adjust: string;
}

export const defaults = (preset: PresetName = 'dense', optimizer: OptimizerName = 'adam'): Settings => {
  const { learningRate, batchSize, epochs } = presets[preset];
  const rate = optimizers[optimizer].learningRate ?? learningRate;
  const momentum = Number(optimizers[optimizer].config.momentum ?? 0);
  return { preset, learningRate: rate, batchSize, epochs, optimizer, seed: 1, momentum, net: '', adjust: '' };
};

/** Layers of the visitor's own by how the address spells them; `spelled.ts` reads them, once there are any. */
export const ownLayers = new Map<string, LayerSpec[]>();

export const layersOf = ({ net, preset }: Pick<Settings, 'net' | 'preset'>): LayerSpec[] =>
  ownLayers.get(net) ?? presets[preset].layers;

const live: Record<string, keyof PlannedAdjustment> = {
  rate: 'learningRate',
  batch: 'batchSize',
  momentum: 'momentum',
};

/** What was changed on the way: of `120-rate0.01_300-batch64` two adjustments. */
export const adjustmentsOf = (text: string): PlannedAdjustment[] =>
  [...text.matchAll(/(\d+)((?:-[a-z]+[\d.]+)+)/g)].map(([, step, changes]) =>
    Object.assign(
      { step: Number(step) },
      ...[...changes!.matchAll(/([a-z]+)([\d.]+)/g)].map(([, name, value]) => ({
        [live[name!]!]: Number(value),
      })),
    ),
  );

/** The settings as they are after so many steps, with nothing left to change. */
export function inForce(settings: Settings, step: number): Settings {
  const { step: _, ...changed } = Object.assign(
    {},
    ...adjustmentsOf(settings.adjust).filter((one) => one.step <= step),
  ) as PlannedAdjustment;
  return { ...settings, ...changed, adjust: '' };
}

/** What was changed on the way up to this step. */
export const adjustedUntil = (step: number, text: string): string =>
  text
    .split('_')
    .filter((one) => Number.parseInt(one, 10) <= step)
    .join('_');
/** Whether changes wait for a step after this one. */
export const hasInStore = (step: number, text: string): boolean => adjustedUntil(step, text) !== text;

/** The range each number may have; anything else is refused and the old value stays. */
export const ranges = {
  learningRate: { min: 1e-6, max: 10, whole: false },
  batchSize: { min: 1, max: 1024, whole: true },
  epochs: { min: 1, max: 100, whole: true },
  seed: { min: 0, max: 4294967295, whole: true },
  momentum: { min: 0, max: 0.999, whole: false },
} as const;

export type NumberSetting = keyof typeof ranges;
const numberSettings = Object.keys(ranges) as NumberSetting[];

/** Why a text is no value of a setting; null if it is one. */
export function refusal(name: NumberSetting, text: string): 'number' | 'whole' | 'range' | null {
  const value = Number(text.trim() || Number.NaN);
  const { min, max, whole } = ranges[name];
  if (Number.isNaN(value)) return 'number';
  if (value < min || value > max) return 'range';
  return whole && !Number.isInteger(value) ? 'whole' : null;
}

/** Whether the address that was read last has values that no setting can have. */
export let wasMisread = false;

/** What an address says of settings; null if it says nothing of any. */
export function readAddress(query: string, hash: string): Settings | null {
  const asked = new URLSearchParams(`${query.replace(/^\?/, '')}&${hash.replace(/^#/, '')}`);
  if (![...Object.keys(defaults()), 'ink'].some((name) => asked.has(name))) return null;
  wasMisread = false;
  const named = <Name extends string>(name: string, among: Record<Name, unknown>, usual: Name): Name => {
    const text = asked.get(name) ?? usual;
    if (Object.hasOwn(among, text)) return text as Name;
    wasMisread = true;
    return usual;
  };
  const found = defaults(named('preset', presets, 'dense'), named('optimizer', optimizers, 'adam'));
  for (const name of numberSettings) {
    const text = asked.get(name);
    if (text === null) continue;
    if (refusal(name, text)) wasMisread = true;
    else found[name] = Number(text);
  }
  if (found.optimizer !== 'momentum') found.momentum = 0;
  // What they spell is read before a network is made of it.
  found.net = asked.get('net') ?? '';
  found.adjust = asked.get('adjust') ?? '';
  return found;
}

/** Only what differs from the preset's own settings, so that the address stays short. */
export function writeAddress(now: Settings): string {
  const usual = defaults(now.preset, now.optimizer);
  const said = new URLSearchParams();
  if (now.preset !== 'dense') said.set('preset', now.preset);
  if (now.optimizer !== 'adam') said.set('optimizer', now.optimizer);
  for (const name of [...numberSettings, 'net', 'adjust'] as const)
    if (now[name] !== usual[name]) said.set(name, String(now[name]));
  return said.toString();
}

export const areSame = (one: Settings, other: Settings): boolean =>
  (Object.keys(one) as (keyof Settings)[]).every((key) => one[key] === other[key]);

/** Another preset or optimizer brings its own usual numbers along, except for those the visitor had changed. */
export function withChange(now: Settings, part: Partial<Settings>): Settings {
  const next = { ...now, ...part };
  const was = defaults(now.preset, now.optimizer);
  const becomes = defaults(next.preset, next.optimizer);
  for (const name of ['learningRate', 'batchSize', 'epochs', 'momentum'] as const) {
    if (part[name] === undefined && now[name] === was[name]) next[name] = becomes[name];
  }
  return next;
}

/** The network that these settings describe, for pictures of this height and width that show so many classes. */
export function modelSource(
  settings: Settings,
  { imageShape: [height, width], classes }: { imageShape: [number, number]; classes: number },
): ModelSource {
  const { optimizer, learningRate, momentum, seed } = settings;
  const { className, config } = optimizers[optimizer];
  const layers = layersOf(settings);
  const all = layers.map((layer, at) => ({
    class_name: layer.className,
    config: at === layers.length - 1 ? { ...layer.config, units: classes } : layer.config,
  }));
  return {
    json: { class_name: 'Sequential', config: { layers: all } },
    compile: {
      optimizer: {
        className,
        config: { ...config, learningRate, ...(config.momentum === undefined ? {} : { momentum }) },
      },
      loss: 'sparseCategoricalCrossentropy',
      metrics: ['accuracy'],
    },
    inputShape: [height, width, 1],
    seed,
  };
}
