/** The states that layers which read sequences begin with, as a method of theirs. The page's worker goes without. */
import { fault } from '../engine/errors.js';
import { isArray } from '../engine/look.js';
import { asTensor, fill, type Tensor } from '../tensor/handle.js';
import type { Layer } from './layer.js';
import { Reading, type RNNCell } from './rnn.js';

interface InitialStates {
  /**
   * The states that reading these sequences begins with where no others are given: zeros, one tensor for each state.
   * @example layers.lstm({ units: 3 }).getInitialState(zeros([2, 5, 4])).map(({ shape }) => shape); // → [[2, 3], [2, 3]]
   */
  getInitialState(inputs: Tensor): Tensor[];
}

declare module './rnn.js' {
  interface Reading extends InitialStates {}
}

/** How many values each state of a cell has, of each of its samples. */
function sizesOf(cell: Layer): number[] {
  const { stateSize } = cell as Partial<RNNCell>;
  if (stateSize !== undefined) return [stateSize].flat();
  const { units } = cell.getConfig() as { units: number };
  if (cell.getClassName() === 'StackedRNNCells') return cell._inner.flatMap(sizesOf);
  return /^LSTM/.test(cell.getClassName()) ? [units, units] : [units];
}

/** Of each state of a layer the shape for a sample. */
function stateShapes(where: string, layer: Reading, shape: readonly number[]): number[][] {
  const [cell] = layer._inner;
  if (cell && cell.getClassName() !== 'ConvLSTM2DCell') return sizesOf(cell).map((size) => [size]);
  const { returnSequences, units } = layer.getConfig() as { returnSequences: boolean; units?: number };
  if (units !== undefined) return sizesOf(layer).map((size) => [size]);
  if (shape.length !== 5)
    throw fault('shape', `${where}: expected [batch, time, rows, columns, channels], got [${shape}]`);
  // Of pictures: as large as what each step gives.
  const told = layer.computeOutputShape([...shape]) as number[] | number[][];
  const [, ...sample] = (isArray(told[0]) ? told[0] : told) as number[];
  const picture = returnSequences ? sample.slice(1) : sample;
  return [picture, picture];
}

const methods: InitialStates & ThisType<Reading> = {
  getInitialState(inputs) {
    const where = `${this.getClassName()}: getInitialState`;
    const { shape } = asTensor(where, inputs);
    const [batch = 0] = shape;
    return stateShapes(where, this, shape).map((state) => fill(where, [batch, ...state], 0, 'float32'));
  },
};

for (const [name, value] of Object.entries(methods))
  Object.defineProperty(Reading.prototype, name, { value, writable: true, configurable: true });
