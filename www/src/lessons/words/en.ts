import { count } from '../../format';

/** The words that lessons share. */
export const en = {
  play: 'Play',
  pause: 'Pause',
  step: 'Step',
  reset: 'Start anew',
  keys: { play: 'Space', step: 'S', reset: 'R' },
  tips: {
    play: 'Train, step after step, until you pause. Key: Space',
    step: 'One step. Key: S',
    reset: 'Back to the weights of the beginning. Key: R',
  },
  rate: 'Learning rate',
  copy: 'Copy',
  copied: 'Copied',
  notCopied: 'The browser refused: select the lines and copy them',
  runs: 'Runs as it stands, with Node and mapling',
  runsKeras: 'Runs as it stands, with Keras 3',
  /** What is said of the digit that a lesson looks at. */
  digit: {
    drawn: 'Your drawing.',
    test: (index: number) => `Test digit ${count(index)}.`,
    none: 'Digits are on their way…',
    draw: 'Draw on the pad',
  },
};

export type Words = typeof en;
