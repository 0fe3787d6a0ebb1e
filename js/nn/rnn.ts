/** Layers around cells, and the class that cells of one's own extend. */
import { isA, isArray, isObject } from '../engine/look.js';
import type { LayerArgs } from './args.js';
import { BuiltIn } from './built-in.js';
import { Layer } from './layer.js';

/** Which results a layer that reads sequences gives, and where its state comes from. */
export interface ReadingArgs extends LayerArgs {
  /** The output of every step, not just the last. Default: false. */
  returnSequences?: boolean;
  /** The last state as further results. Default: false. */
  returnState?: boolean;
  /** Reads from the last step to the first; results are in the order of reading. */
  goBackwards?: boolean;
  /** Goes on with the state of the batch before, until `resetStates()`; batches have one size, `batchInputShape[0]`. */
  stateful?: boolean;
  /** Says how to compute, not what: it changes nothing here. */
  unroll?: boolean;
  /** Whether the results of steps whose mask is 0 are 0, and not those of the step before. */
  zeroOutputForMask?: boolean;
}

export interface RNNArgs extends ReadingArgs {
  /** A cell, or several, which become a stack. */
  cell: Layer | Layer[];
}

/**
 * A cell of one's own: `stateSize` says how many values its state has, or each of its states in a list, and
 * `call([x, ...states])` gives `[y, ...newStates]`. `build` gets the shape of `x`, a step.
 */
export class RNNCell extends Layer {
  static override className = 'RNNCell';
  declare stateSize: number | number[];
}

/** Layers that read sequences, by their classes. */
const CLASSES = ['RNN', 'SimpleRNN', 'LSTM', 'GRU', 'ConvLSTM2D'];

/** A layer of the library that reads sequences. */
export class Reading extends BuiltIn {}

/** Reads sequences with a cell. Other layers that read sequences are instances of it too. */
export class RNN extends Reading {
  constructor(args: RNNArgs) {
    const { cell } = (isObject(args) ? args : {}) as Partial<RNNArgs>;
    super(
      'RNN',
      isArray(cell)
        ? ({ ...args, cell: new BuiltIn('StackedRNNCells', { cells: cell } as LayerArgs) } as LayerArgs)
        : args,
    );
  }
  /** The cell. */
  get cell(): Layer {
    return this._inner[0]!;
  }
}

Object.defineProperty(RNN, Symbol.hasInstance, {
  value(this: unknown, value: unknown): boolean {
    // A class that extends this one has instances of its own.
    if (this !== RNN) return Function.prototype[Symbol.hasInstance].call(this as typeof RNN, value);
    return isA(value, Layer) && CLASSES.includes(value.getClassName());
  },
});

/** A layer of the library of this class, with these settings. */
export function layerOfClass(className: string, args: LayerArgs): Layer {
  if (className === 'RNN') return new RNN(args as RNNArgs);
  return CLASSES.includes(className) ? new Reading(className, args) : new BuiltIn(className, args);
}
