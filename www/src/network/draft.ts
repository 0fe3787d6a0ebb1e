/** The network that is being drawn up: its layers before the answer, and what the worker says that they would be. */
import { computed, effect, signal } from '@preact/signals';
import type { Plan, PlannedLayer, Trainer } from 'mapling/trainer';
import { type LayerSpec, ten } from '../presets';
import { experiment } from '../state/experiments';
import { paced } from '../state/pace';
import { run, session, settings } from '../state/session';
import { inForce, layersOf, modelSource, ownLayers } from '../state/settings';
import { currentTrainer, fail, isWhole, isWider } from '../state/trainer';
import { MOST_LAYERS, spelledLayers } from './spelling';

/** A layer of the draft; the number stays with it wherever it goes. */
export interface Drafted extends LayerSpec {
  id: number;
}

let last = 0;
const drafted = ({ className, config }: LayerSpec): Drafted => ({
  className,
  config: { ...config },
  id: ++last,
});

/** Null while nothing is drawn up. */
export const draft = signal<Drafted[] | null>(null);
/** What the worker says of the draft that it was asked about. */
export const planned = signal<{ of: readonly Drafted[]; plan: Plan } | null>(null);

/** Begins with the layers of the network that is there. */
export function beginDraft(): void {
  const layers = layersOf(settings.peek()).slice(0, -1);
  // The page's pictures have their channel axis already.
  const isChannel = ({ className, config }: LayerSpec) =>
    className === 'Reshape' && String(config.targetShape) === '28,28,1';
  draft.value = layers.filter((layer, at) => at > 0 || !isChannel(layer)).map(drafted);
}

export function endDraft(): void {
  draft.value = null;
}

/** What a layer begins as. */
const fresh: Record<string, Record<string, unknown>> = {
  Dense: { units: 64, activation: 'relu' },
  Conv2D: { filters: 8, kernelSize: 3, padding: 'valid', activation: 'relu' },
  MaxPooling2D: { poolSize: 2 },
  AveragePooling2D: { poolSize: 2 },
  GlobalAveragePooling2D: {},
  BatchNormalization: {},
  Flatten: {},
  Dropout: { rate: 0.25 },
  Activation: { activation: 'relu' },
  Reshape: { targetShape: [28, 28, 1] },
};
export const kinds = Object.keys(fresh);

const set = (change: (now: Drafted[]) => Drafted[]): void => {
  if (draft.peek()) draft.value = change([...draft.peek()!]);
};

/** Pictures come before what flattens them: a layer for pictures is put there, others go to the end. */
export function add(className: string): number {
  const layer = drafted({ className, config: fresh[className]! });
  set((all) => {
    if (all.length >= MOST_LAYERS) return all;
    const flat = all.findIndex((one) => one.className === 'Flatten');
    const isForPictures = /2D$/.test(className) && flat >= 0;
    all.splice(isForPictures ? flat : all.length, 0, layer);
    return all;
  });
  return layer.id;
}

export const remove = (id: number): void => set((all) => all.filter((one) => one.id !== id));

/** Puts a layer at another place. */
export const move = (id: number, to: number): void =>
  set((all) => {
    const from = all.findIndex((one) => one.id === id);
    if (from < 0 || to < 0 || to >= all.length) return all;
    all.splice(to, 0, ...all.splice(from, 1));
    return all;
  });

export const configure = (id: number, part: Record<string, unknown>): void =>
  set((all) => all.map((one) => (one.id === id ? { ...one, config: { ...one.config, ...part } } : one)));

const input = [28, 28, 1];

/** Who knows the layers of a draft: the worker that trains, or the lessons' own, which has them all. */
async function whoKnows(layers: readonly LayerSpec[]): Promise<Trainer | null> {
  if (isWhole || !isWider(spelledLayers(layers))) return currentTrainer();
  const { laboratory } = await import('../lessons/laboratory/laboratory');
  return laboratory();
}

const ask = paced(async () => {
  const [of, { data }] = [draft.peek(), session.peek()];
  const trainer = of && (await whoKnows(of).catch(fail));
  if (!trainer) return;
  const { classes = 10, imageShape = [28, 28] as [number, number] } = data ?? {};
  const source = modelSource({ ...settings.peek(), net: '' }, { imageShape, classes });
  const layers = [...of, { ...ten, config: { ...ten.config, units: classes } }];
  const json = {
    class_name: 'Sequential',
    config: { layers: layers.map(({ className, config }) => ({ class_name: className, config })) },
  };
  planned.value = { of, plan: await trainer.plan({ json, inputShape: source.inputShape! }) };
}, 40);

effect(() => {
  if (draft.value) ask();
});

/** Bytes that training takes for a value between layers, and as many as WebAssembly's memory has room for. */
const PER_VALUE = 24;
const ROOM = 1.5e9;

export type Why =
  | { why: 'picture'; given: readonly (number | null)[] }
  | { why: 'window'; size: number; given: readonly (number | null)[] }
  | { why: 'reshape'; given: number; wanted: number }
  | { why: 'flat'; given: readonly (number | null)[] }
  | { why: 'memory' }
  | { why: 'other'; message: string };

const sizeOf = (shape: readonly (number | null)[]): number =>
  shape.reduce<number>((size, length) => size * (length ?? 1), 1);

/** Why the core refuses a layer that is given this. */
function whyOf({ className, config }: LayerSpec, given: readonly (number | null)[], plan: Plan): Why {
  const { message, code } = plan.refused!;
  if (code === 'memory') return { why: 'memory' };
  if (/2D$/.test(className) && given.length !== 3) return { why: 'picture', given };
  const window = Number(config.kernelSize ?? config.poolSize ?? 0);
  if (window > Math.min(given[0] ?? 0, given[1] ?? 0)) return { why: 'window', size: window, given };
  if (className === 'Reshape') {
    const wanted = sizeOf(config.targetShape as number[]);
    if (wanted !== sizeOf(given)) return { why: 'reshape', given: sizeOf(given), wanted };
  }
  return { why: 'other', message };
}

/** Which layer of the draft cannot be, and why; the answer comes after the last one. */
export const refused = computed<{ layer: number; reason: Why } | null>(() => {
  const found = planned.value;
  const layers = draft.value;
  if (!found || !layers || found.of !== layers) return null;
  const { plan } = found;
  const shapes = [input, ...plan.layers.map(({ outputShape }) => outputShape)];
  if (plan.refused) {
    const { layer } = plan.refused;
    return { layer, reason: whyOf(layers[layer] ?? ten, shapes[layer]!, plan) };
  }
  const given = shapes.at(-2)!;
  if (given.length !== 1) return { layer: layers.length, reason: { why: 'flat', given } };
  const values = shapes.reduce((sum, shape) => sum + sizeOf(shape), 0);
  if (values * PER_VALUE * settings.value.batchSize > ROOM)
    return { layer: layers.length, reason: { why: 'memory' } };
  return null;
});

/** What is known of a layer of the draft, by its place. */
export const plannedAt = (at: number): PlannedLayer | undefined =>
  planned.value?.of === draft.value ? planned.value?.plan.layers[at] : undefined;

/** Whether the draft can be built: the worker has said so of this one. */
export const canBuild = computed(
  () => draft.value !== null && planned.value?.of === draft.value && refused.value === null,
);

/** Whether the draft is the network that is there. */
export const isSame = computed(() => {
  const layers = draft.value;
  return layers !== null && spelledLayers(layers) === settings.value.net;
});

/** Trains the network of the draft beside the one before, to which a way back stays. */
export function build(): void {
  const layers = draft.peek();
  if (!layers || !canBuild.peek()) return;
  const net = spelledLayers(layers);
  ownLayers.set(net, [...layers.map(({ className, config }) => ({ className, config })), ten]);
  endDraft();
  experiment({ ...inForce(settings.peek(), run.peek()?.step ?? 0), net });
}
