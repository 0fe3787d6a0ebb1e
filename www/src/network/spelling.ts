/** Layers as short words that people can read, as `conv8x5relu-pool2-flatten-dense64relu`: for addresses. */
import type { LayerSpec } from '../presets';

/** What a number of a layer may be. */
export interface Range {
  min: number;
  max: number;
  whole: boolean;
}

const whole = (min: number, max: number): Range => ({ min, max, whole: true });

/** The numbers that a layer is configured by, with what they may be. */
export const numbersOf: Record<string, Record<string, Range>> = {
  Dense: { units: whole(1, 2048) },
  Conv2D: { filters: whole(1, 256), kernelSize: whole(1, 28), strides: whole(1, 4) },
  MaxPooling2D: { poolSize: whole(2, 14) },
  AveragePooling2D: { poolSize: whole(2, 14) },
  Dropout: { rate: { min: 0, max: 0.95, whole: false } },
};

export const activations = ['linear', 'relu', 'tanh', 'sigmoid', 'softmax'] as const;

/** More layers than this learn nothing more from digits. */
export const MOST_LAYERS = 16;

const fits = (className: string, config: Record<string, unknown>): boolean =>
  Object.entries(numbersOf[className] ?? {}).every(([name, { min, max, whole }]) => {
    const value = config[name] ?? 1;
    return typeof value === 'number' && value >= min && value <= max && (!whole || Number.isInteger(value));
  });

const act = '(relu|tanh|sigmoid|softmax)?';

/** The layer of each kind of word. */
const kinds: [RegExp, (...parts: (string | undefined)[]) => LayerSpec][] = [
  [
    new RegExp(`^dense(\\d+)${act}$`),
    (units, activation = 'linear') => ({ className: 'Dense', config: { units: Number(units), activation } }),
  ],
  [
    new RegExp(`^conv(\\d+)x(\\d+)(?:s(\\d+))?(same)?${act}$`),
    (filters, kernelSize, strides = '1', padding = 'valid', activation = 'linear') => ({
      className: 'Conv2D',
      config: {
        filters: Number(filters),
        kernelSize: Number(kernelSize),
        ...(strides === '1' ? {} : { strides: Number(strides) }),
        padding,
        activation,
      },
    }),
  ],
  [/^pool(\d+)$/, (poolSize) => ({ className: 'MaxPooling2D', config: { poolSize: Number(poolSize) } })],
  [/^avg(\d+)$/, (poolSize) => ({ className: 'AveragePooling2D', config: { poolSize: Number(poolSize) } })],
  [/^mean$/, () => ({ className: 'GlobalAveragePooling2D', config: {} })],
  [/^norm$/, () => ({ className: 'BatchNormalization', config: {} })],
  [/^drop(\d(?:\.\d+)?)$/, (rate) => ({ className: 'Dropout', config: { rate: Number(rate) } })],
  [/^flatten$/, () => ({ className: 'Flatten', config: {} })],
  [
    /^reshape(\d+(?:x\d+){0,2})$/,
    (shape) => ({ className: 'Reshape', config: { targetShape: shape!.split('x').map(Number) } }),
  ],
  [/^(relu|tanh|sigmoid|softmax)$/, (activation) => ({ className: 'Activation', config: { activation } })],
];

function layerOf(word: string): LayerSpec | null {
  for (const [form, make] of kinds) {
    const found = form.exec(word);
    if (!found) continue;
    const layer = make(...found.slice(1));
    return fits(layer.className, layer.config) ? layer : null;
  }
  return null;
}

/** The layers before the answer; null for words that are none. */
export function layersFrom(text: string): LayerSpec[] | null {
  if (text.length > 400) return null;
  const layers = text.split('-').map(layerOf);
  const known = layers.filter((layer) => layer !== null);
  return known.length === layers.length && known.length <= MOST_LAYERS ? known : null;
}

const bent = (activation: unknown): string => (activation === 'linear' ? '' : String(activation ?? ''));

const words: Record<string, (config: Record<string, unknown>) => string> = {
  Dense: ({ units, activation }) => `dense${units}${bent(activation)}`,
  Conv2D: ({ filters, kernelSize, strides = 1, padding, activation }) =>
    `conv${filters}x${kernelSize}${strides === 1 ? '' : `s${strides}`}${padding === 'same' ? 'same' : ''}${bent(activation)}`,
  MaxPooling2D: ({ poolSize }) => `pool${poolSize}`,
  AveragePooling2D: ({ poolSize }) => `avg${poolSize}`,
  GlobalAveragePooling2D: () => 'mean',
  BatchNormalization: () => 'norm',
  Dropout: ({ rate }) => `drop${rate}`,
  Flatten: () => 'flatten',
  Reshape: ({ targetShape }) => `reshape${(targetShape as number[]).join('x')}`,
  Activation: ({ activation }) => (activation === 'linear' ? 'relu' : String(activation)),
};

/** Layers before the answer, in words. */
export const spelledLayers = (layers: readonly LayerSpec[]): string =>
  layers.map(({ className, config }) => words[className]!(config)).join('-');
