/** All layers that have a form in ONNX, by their classes. */
import { isTaken } from '../../nn/taken-names.js';
import { ACTIVATIONS } from './activation.js';
import type { Convert } from './layer.js';
import { MERGE } from './merge.js';
import { NORMALIZATION } from './normalization.js';
import { SHAPES } from './shapes.js';
import { WINDOWS } from './windows.js';

export type Table = Readonly<Record<string, Convert>>;

/** Layers that most models do not have: those for sequences, and statistics. */
const RARE = /RNN|GRU|LSTM|Bidirectional|TimeDistributed|Attention|^Normalization$/;

/** The layers that models with these classes may have. What turns rare layers into ops is loaded if it is needed. */
export async function tableFor(classNames: readonly string[]): Promise<Table> {
  const table = { ...ACTIVATIONS, ...WINDOWS, ...NORMALIZATION, ...SHAPES, ...MERGE };
  if (!classNames.some((name) => RARE.test(name))) return table;
  const { SEQUENCE_LAYERS, standard } = await import('./sequences.js');
  return { ...table, ...SEQUENCE_LAYERS, Normalization: standard };
}

/** Layers that do something while training only, or never. Those for pictures pass no mask on. */
const TRAINING = /Dropout|Noise$|^(ActivityRegularization|Identity)$/;
const PICTURES = /^Random(?!Crop)/;

/** What makes ops of a layer of this class, if there are any. A class of the user's has no name of the library's. */
export function converter(table: Table, className: string): Convert | undefined {
  if (!isTaken(className)) return undefined;
  if (TRAINING.test(className) || PICTURES.test(className)) return ({ x }) => x;
  return table[className.replace(/[123]D$/, '')];
}

/** Whether the mask of the input is that of the result. */
export const passesMask = (className: string): boolean =>
  className in { ...ACTIVATIONS, ...NORMALIZATION, Normalization: 0, Dense: 0 } || TRAINING.test(className);
