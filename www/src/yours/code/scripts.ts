/** The lines that mapling and TensorFlow.js share: their names are the same. */
import type { Config, Program } from './program';

const camel = (key: string): string => key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

const NAMES: Readonly<Record<string, string>> = {
  ReLU: 'reLU',
  ELU: 'elu',
  PReLU: 'prelu',
  LSTM: 'lstm',
  GRU: 'gru',
  RNN: 'rnn',
};

/** `MaxPooling2D` is made by `maxPooling2d`. */
const maker = (className: string): string =>
  NAMES[className] ??
  className.replace(/^[A-Z]/, (letter) => letter.toLowerCase()).replace(/(\d)D/, (_, digit) => `${digit}d`);

export function value(of: unknown): string {
  if (typeof of === 'string') return `'${of.replace(/['\\]/g, '\\$&')}'`;
  if (Array.isArray(of)) return `[${of.map(value).join(', ')}]`;
  if (typeof of === 'object' && of !== null) {
    const parts = Object.entries(of).map(([key, one]) => `${camel(key)}: ${value(one)}`);
    return parts.length > 0 ? `{ ${parts.join(', ')} }` : '{}';
  }
  return String(of);
}

const settings = (config: Config): string => (Object.keys(config).length > 0 ? value(config) : '');

/** The lines that add the layers, whose makers stand in `layers`. */
export const added = ({ layers: all, inputShape }: Program, layers: string): string =>
  all
    .map(({ className, config }, at) => {
      const own = at === 0 ? { ...config, input_shape: inputShape } : config;
      return `model.add(${layers}.${maker(className)}(${settings(own)}));`;
    })
    .join('\n');

export const optimizer = ({ optimizer: name, learningRate }: Program, train: string): string =>
  name === 'momentum' ? `${train}.momentum(${learningRate}, 0.9)` : `${train}.${name}(${learningRate})`;
