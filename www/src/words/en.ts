import { count, percent } from '../format';

/** A number, or the name of a class, with its article: *an 8*, *a 7*, *an M*, *an apple*. */
export const a = (name: number | string): string =>
  /^(8|11$|18$|[aefhilmnorsx]$|[aeio])/i.test(String(name)) ? `an ${name}` : `a ${name}`;

/** The words of the first screen; those of what comes later are in `later/words`. A second language fills the same shape. */
export const en = {
  title: 'mapling: a network learns to read digits in this tab',
  tagline: 'a small neural network that you grow in your browser.',
  privacy: 'Nothing leaves this device.',
  /** What each part says, one after the other. */
  sentences: (...parts: string[]) => parts.map((part) => `${part}.`).join(' '),
  otherLanguage: '中文',
  language: '中文 (Language: switch to Chinese)',
  theme: { light: 'Switch to the light theme', dark: 'Switch to the dark theme' },
  status: {
    loading: 'Loading',
    ready: 'Ready',
    training: 'Training',
    paused: 'Paused',
    done: 'Done',
    error: 'Stopped',
  },
  dataset: {
    none: 'No digits yet',
    mnist: (train: number, test: number) =>
      `MNIST: ${count(train)} digits to learn from, ${count(test)} to be tested on`,
    styles: (train: number, test: number) =>
      `MNIST and digits in many hands’ styles: ${count(train)} to learn from, ${count(test)} of MNIST’s to be tested on`,
    generated: (train: number, test: number) =>
      `Digits drawn by this page: ${count(train)} to learn from, ${count(test)} to be tested on`,
    file: (train: number, test: number) =>
      `Your files: ${count(train)} digits to learn from, ${count(test)} to be tested on`,
    short: { mnist: 'MNIST', styles: 'MNIST + styles', generated: 'Generated digits', file: 'Your files' },
  },
  loading: {
    label: 'Fetching digits',
    mnist: (done: string, total: string) => `MNIST: ${done} of ${total} MB`,
    left: (seconds: number) => `, ${count(seconds)} s left`,
    warmUp: 'Warming up on digits that this page draws.',
    here: 'MNIST is here: press Play',
    fresh: 'MNIST is here: a fresh start',
  },
  pad: {
    heading: 'Draw a digit',
    label: 'Drawing pad. Draw a digit with mouse, pen or finger.',
    empty: 'Draw a digit here',
    range: '0 to 9, large or small, anywhere',
    clear: 'Clear',
    undo: 'Undo stroke',
    testDigit: (index: number) => `Test digit ${count(index)}`,
    byKeys: 'Arrow keys move the pen, with Shift farther. Space sets it down and lifts it.',
    penDown: 'The pen is down',
    penUp: 'The pen is up',
    another: 'A test digit',
    anotherTip: 'Lay one of the test digits on the pad',
  },
  reading: {
    heading: 'What the network reads',
    nothing: 'Nothing yet',
    soon: 'The network is on its way',
    warmUp: 'A warm-up: MNIST is on its way',
    seen: 'What it sees',
    seenTip: 'Your drawing as MNIST would have made it: fitted to 20 × 20, centred by weight in 28 × 28',
    sure: (share: number) => `${percent(share)}\u00a0% sure`,
    ifDigit: (share: number) => `If this is a digit: ${percent(share)}\u00a0%`,
    ifClass: (share: number) => `If one of these: ${percent(share)}\u00a0%`,
    learning: 'It is still learning to tell digits from others',
    or: (digit: string, share: number) => `or ${a(digit)}, ${percent(share)}\u00a0%`,
    none: 'This looks like no digit I know',
    each: (digits: { digit: number; sure: number }[]) =>
      digits.map(({ digit, sure }) => `${digit}:\u00a0${percent(sure)}\u00a0%`).join(', '),
    untrained: 'Still untrained: a mere guess',
    bar: (digit: string, share: number) => `${digit}: ${percent(share, 1)} %`,
    bars: 'Probability of each digit',
    spoken: (digit: string, sure: string) => `The network reads ${digit}. ${sure}.`,
    right: 'Right',
    wrong: 'Wrong',
    score: (right: number, total: number) => `${right} of ${total} of your digits read right`,
    truth: (label: number) => `In truth ${a(label)}`,
  },
  training: {
    heading: 'Training',
    accuracy: 'Test accuracy',
    accuracyUnknown: 'measured on digits it never trained on',
    wrongOf: (wrong: number, total: number) => `${count(wrong)} of ${count(total)} unseen digits wrong`,
    accuracyTip: 'The share of test digits read right. The network never trains on them',
    loss: 'Loss',
    lossTip:
      'How surprised the network is by the right answers: 0 is certain of them, 2.3 is guessing among ten',
    lossNote: 'mean of this epoch',
    speed: 'Speed',
    speedNote: 'digits a second',
    speedTip: 'How many digits it trains on in a second of work',
    epoch: 'Epoch',
    epochTip: 'An epoch has gone by when every training digit has been looked at once; a batch is one step',
    epochOf: (epochs: number) => `of ${epochs}`,
    batch: (batch: number, batches: number) => `batch ${count(batch)} of ${count(batches)}`,
    left: (time: string) => `${time} left`,
    progress: 'Progress of training',
  },
  charts: {
    changed: { learningRate: 'rate', momentum: 'momentum', batchSize: 'batch' },
    loss: 'Loss',
    accuracy: 'Accuracy',
    lossUnit: 'log scale, lower is better',
    accuracyUnit: 'log scale of the errors',
    epoch: (at: number) => `epoch ${at}`,
    train: 'training',
    test: 'test',
    lossLabel: 'Chart of the loss over the epochs, on training and test digits',
    accuracyLabel: 'Chart of the accuracy over the epochs, on training and test digits',
    at: (x: string, train: string | null, test: string | null) =>
      [`epoch ${x}`, train && `training ${train}`, test && `test ${test}`].filter(Boolean).join('  ·  '),
    waiting: 'The curves begin with the first batch.',
  },
  transport: {
    label: 'Training controls',
    play: 'Play',
    resume: 'Resume',
    more: 'Train on',
    pause: 'Pause',
    step: 'Step',
    reset: 'Reset',
    playTip: 'Start or go on',
    pauseTip: 'Stop for a while',
    stepTip: 'Train on one batch',
    resetTip: 'A fresh network from the same seed',
    key: (key: string) => `Key: ${key}`,
    space: 'space',
  },
  tests: {
    strip: 'Test digits, as read now',
    stripScore: (right: number, total: number) => `${right} of ${total} right`,
    tile: (index: number, label: string, guess: string | null) =>
      guess === null
        ? `Test digit ${index}: ${a(label)}`
        : guess === label
          ? `Test digit ${index}: ${a(label)}, read right`
          : `Test digit ${index}: ${a(label)}, read as ${a(guess)}`,
  },
  skip: 'Skip to the training controls',
};

export type Words = typeof en;
