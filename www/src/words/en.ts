import { count, hundredths } from '../format';
import type { Settings } from '../state/settings';

/** Every word of the page. A second language fills the same shape. */
export const en = {
  title: 'mapling: a network learns to read digits in this tab',
  tagline: 'a small neural network that you grow in your browser.',
  privacy: 'Nothing leaves this device.',
  /** What each part says, one after the other. */
  sentences: (...parts: string[]) => parts.map((part) => `${part}.`).join(' '),
  otherLanguage: '中文',
  language: 'Language: switch to Chinese',
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
    generated: (train: number, test: number) =>
      `Digits drawn by this page: ${count(train)} to learn from, ${count(test)} to be tested on`,
    file: (train: number, test: number) =>
      `Your files: ${count(train)} digits to learn from, ${count(test)} to be tested on`,
    short: { mnist: 'MNIST', generated: 'Generated digits', file: 'Your files' },
  },
  loading: {
    label: 'Fetching digits',
    mnist: (done: string, total: string) => `MNIST: ${done} of ${total} MB`,
  },
  notice: {
    noMnist:
      "MNIST could not be fetched, so the network learns from digits that this page draws itself. They are easier than people's: to use MNIST, drop its four files on the page.",
    files: 'These files cannot be used. The digits stay what they were.',
    exploded:
      'The loss is no longer a number: the steps were so large that the weights flew apart. Choose a lower learning rate, then reset.',
    stuck:
      'It now gives nearly every digit the same answer: the first steps were so large that most of its units died. Choose a lower learning rate, then reset.',
    restarted:
      'The worker that trains was ended by the browser; another one has taken its place, with the network of a few seconds ago.',
    failed: 'Something went wrong. Reset makes a new network; reloading the page makes a new everything.',
    dismiss: 'Close this message',
  },
  pad: {
    heading: 'Draw a digit',
    label: 'Drawing pad. Draw a digit with mouse, pen or finger.',
    empty: 'Draw a digit here',
    range: '0 to 9, large or small, anywhere',
    clear: 'Clear',
    undo: 'Undo stroke',
    testDigit: (index: number, label: number) => `Test digit ${count(index)}: a ${label}`,
    another: 'A test digit',
    anotherTip: 'Lay one of the test digits on the pad',
  },
  reading: {
    heading: 'What the network reads',
    nothing: 'Nothing yet',
    seen: 'What it sees',
    seenTip: 'Your drawing as MNIST would have made it: fitted to 20 × 20, centred by weight in 28 × 28',
    sure: (share: number) => `${hundredths(share, 0)} % sure`,
    or: (digit: number, share: number) => `or a ${digit}, ${hundredths(share, 0)} %`,
    untrained: 'Still untrained: a mere guess',
    bar: (digit: number, share: number) => `${digit}: ${hundredths(share, 1)} %`,
    bars: 'Probability of each digit',
    spoken: (digit: number, share: number) =>
      `The network reads ${digit}, ${hundredths(share, 0)} percent sure.`,
    right: 'Right',
    wrong: 'Wrong',
    score: (right: number, total: number) => `${right} of ${total} of your digits read right`,
    truth: (label: number) => `In truth a ${label}`,
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
    loss: 'Loss',
    accuracy: 'Accuracy',
    lossUnit: 'log scale, lower is better',
    accuracyUnit: 'log scale of the errors',
    epoch: 'epoch',
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
  network: {
    heading: 'Network',
    preset: 'Preset',
    presets: { dense: 'Dense (the tutorial)', lenet: 'LeNet', convnet: 'Convnet' },
    total: (params: number) => `${count(params)} numbers to learn`,
    input: 'Image',
    varied: 'varied',
    params: (params: number) => `${count(params)} weights`,
    layers: {
      Flatten: 'Flatten',
      Reshape: 'Reshape',
      Dense: 'Dense',
      Conv2D: 'Convolution',
      MaxPooling2D: 'Max pooling',
      AveragePooling2D: 'Average pooling',
      Dropout: 'Dropout',
      Activation: 'Activation',
    } as Record<string, string>,
    explain: {
      input: 'A drawing, 28 rows of 28 grey values from 0 to 1',
      varied: 'In training each digit is turned, stretched and moved a little, each time differently',
      Flatten: 'Lays the rows of the image end to end',
      Reshape: 'Gives the image a channel axis, as convolutions want it',
      Dense: 'Every output is a weighted sum of every input',
      Conv2D: 'Small filters slide over the image and answer where they match',
      MaxPooling2D: 'Keeps the strongest answer of each little square',
      AveragePooling2D: 'Keeps the mean answer of each little square',
      Dropout: 'While training, switches off inputs at random, so that none becomes indispensable',
      Activation: 'Bends each value by one function',
    } as Record<string, string>,
    tiles: (shown: number, all: number) =>
      `${shown === all ? 'All' : shown} of its ${all} units: what each looks for`,
    filters: (shown: number, all: number) =>
      `${shown === all ? `Its ${all}` : `${shown} of its ${all}`} filters, each on its first input`,
    columns: 'One row for each digit: which inputs speak for it, and which against',
    sign: 'Green speaks for, orange against',
  },
  settings: {
    heading: 'Settings',
    learningRate: 'Learning rate',
    batchSize: 'Batch size',
    epochs: 'Epochs',
    optimizer: 'Optimizer',
    seed: 'Seed',
    optimizers: { adam: 'Adam', sgd: 'SGD', momentum: 'SGD, momentum 0.9' },
    tips: {
      learningRate: 'How far each step moves the weights',
      falls: (left: number) => `With this preset it falls, step by step, to ${hundredths(left, 0)} % of that`,
      batchSize: 'How many digits are looked at before each step',
      epochs: 'How many times it goes through all training digits; counts from the next start',
      optimizer: 'The rule that turns gradients into steps',
      seed: 'The same seed gives the same weights, on any machine',
      dice: 'Another seed',
    },
    refused: (min: string, max: string) => `From ${min} to ${max}`,
  },
  machine: {
    mode: 'Arithmetic',
    exact: 'Exact',
    fast: 'Fast',
    threads: 'Threads',
    tips: {
      mode: 'Exact: the same seed, the same bits, on any machine. Fast gives that up where the browser can fuse steps. A change starts the page anew',
      threads: 'How many cores compute; the results are the same. A change starts the page anew.',
    },
    notes: (notes: string) => `(${notes})`,
  },
  tests: {
    strip: 'Test digits, as read now',
    stripScore: (right: number, total: number) => `${right} of ${total} right`,
    heading: 'What it gets wrong',
    before: 'The test digits it misreads are shown here, once it was tested for the first time.',
    mistakes: (shown: number, all: number) =>
      shown === all
        ? `${count(all)} of its mistakes, all`
        : `The first ${count(shown)} of ${count(all)} mistakes`,
    cell: (label: number, guess: number, n: number) =>
      `${n === 1 ? 'Once' : `${count(n)} times`} a ${label}, read ${label === guess ? 'as such' : `as a ${guess}`}`,
    none: 'Not one.',
    all: 'Show all mistakes',
    tile: (index: number, label: number, guess: number | null) =>
      guess === null
        ? `Test digit ${index}: a ${label}`
        : guess === label
          ? `Test digit ${index}: a ${label}, read right`
          : `Test digit ${index}: a ${label}, read as a ${guess}`,
    more: 'Show more',
    hint: 'Choose one to lay it on the pad',
  },
  confusion: {
    heading: 'What it takes for what',
    label: 'Confusion matrix: rows are the true digits, columns the digits read',
    truth: 'in truth',
    read: 'read as',
    recall: 'right',
  },
  ideas: {
    heading: 'What if',
    list: [
      {
        title: 'the steps are far too large?',
        text: 'Learning rate 1: watch the loss fly off.',
        try: { learningRate: 1 },
      },
      {
        title: 'they are far too small?',
        text: 'Learning rate 0.00001: it learns, but you wait.',
        try: { learningRate: 0.00001 },
      },
      {
        title: 'it looks at one digit at a time?',
        text: 'Batch size 1: a nervous line, and slow.',
        try: { batchSize: 1 },
      },
      {
        title: 'it looks with filters?',
        text: 'LeNet has far fewer weights, and errs less.',
        try: { preset: 'lenet' },
      },
    ] as { title: string; text: string; try: Partial<Settings> }[],
    go: 'Try it',
  },
  data: {
    heading: 'Digits',
    drop: 'Drop IDX files here, or anywhere on the page',
    dropNow: 'Drop the files to train on them',
    explain:
      'The four files of MNIST or of a set made like it (Fashion, Kuzushiji, EMNIST digits): images and labels, to learn from and to be tested on, gzipped or not.',
    choose: 'Choose files',
    mnist: 'Use MNIST',
    generated: 'Use digits drawn by this page',
    stays: 'The files are read here and sent nowhere.',
  },
};

export type Words = typeof en;
