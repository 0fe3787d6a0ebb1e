import type { Refusal } from 'mapling/trainer';
import { count, hundredths } from '../../format';
import type { Settings } from '../../state/settings';
import { a } from '../../words/en';

type Of<Why extends Refusal['why']> = Extract<Refusal, { why: Why }>;
type Holds = 'images' | 'labels';

const holds: Record<Holds, string> = { images: 'pictures', labels: 'labels' };
const size = ([height, width]: readonly number[]): string => `${height}\u00a0×\u00a0${width}`;
const pictures = (number: number | string): string =>
  `${typeof number === 'number' ? count(number) : number} ${number === 1 || number === '1' ? 'picture' : 'pictures'}`;
const labelsOf = (number: number): string => `${count(number)} ${number === 1 ? 'label' : 'labels'}`;

/** The words of what comes after the first screen: messages, what lies below, what opens. */
export const en = {
  lessons: {
    label: 'Lessons',
    main: 'Train',
    names: {
      line: 'A line',
      neurons: 'Neurons and layers',
      backwards: 'Backwards',
      tutorial: 'The tutorial',
      pictures: 'Pictures',
      sequences: 'Sequences',
      better: 'Better',
      why: 'Why',
    },
    of: (at: number, all: number) => `Lesson ${at} of ${all}`,
    guess: 'Guess first',
    right: 'Right.',
    wrong: 'Not so.',
    tries: 'Try it',
    code: 'In code',
    next: (name: string) => `Next: ${name}`,
    before: (name: string) => `Back: ${name}`,
    end: 'The end of the path: train, draw, break things',
    way: 'Lessons before and after',
    unknown: (name: string) => `There is no lesson “${name}”. The bar above shows those that there are.`,
    failed:
      'This lesson could not be fetched: the connection may be gone. It comes as soon as it can be had.',
    again: 'Try again',
    share: 'Share',
    library: {
      coming: 'The library is on its way…',
      missing:
        'The library that this lesson computes with is not there: it may still be being built, or the connection is gone. The text and the code can be read meanwhile.',
    },
  },
  notice: {
    noMnist:
      'MNIST could not be fetched, so the network learns from digits that this page draws itself. They are not quite people’s. To use MNIST, bring its four files: drop them on the page, or choose them under “Digits”, below.',
    noMnistNow:
      'MNIST could not be fetched. The digits, and what the network has learned, stay what they were.',
    taughtNoMore:
      'The digits have come, and a fresh network begins on them: what you taught the one that warmed up went with it. Your drawings are kept. Once this one has trained, teach it again.',
    unfetched: 'A part of this page could not be fetched. It is asked for again every few seconds.',
    cut: 'The connection is gone, and a part of this page has not come yet. Training goes on to the end of the epoch; the rest comes by itself once there is a connection again, and then training goes on.',
    exploded: 'The loss is no longer a number: the steps were so large that the weights flew apart.',
    /** The step to which it was taken back; null where nothing was kept. */
    lowerRate: (step: number | null) =>
      step === null
        ? 'Choose a lower learning rate, then reset.'
        : `The network is back at step ${count(step)}, before that happened. Choose a lower learning rate and play on: the chart keeps both runs.`,
    keptDamaged: 'What this browser kept of your last visit cannot be read. This is a fresh start.',
    notKept:
      'This browser keeps nothing for this page: storage is refused or full. Everything works, but what is trained is lost when the tab is closed.',
    stuck:
      'It now gives nearly every digit the same answer: the first steps were so large that most of its units died.',
    restarted: (step: number | null) =>
      `The worker that trains was ended by the browser; another one has taken its place, ${
        step === null ? 'with the network of a few seconds ago' : `and the run waits at step ${count(step)}`
      }.`,
    /** Of which run, if one is shown without its digits. */
    filesGone: (run: string | null) =>
      run === null
        ? 'The files with your digits are gone: this browser let go of them while the page started anew. Choose them again to train on them.'
        : `The files with the digits of ${run} are gone: this browser let go of them while the page started anew. The run is shown as it ended; its network reads what you draw, and would train on with the digits in use. Choose the files again to train on those.`,
    badLink: {
      begin: 'Part of this link could not be read:',
      net: 'its network (net) is none that can be built, so the preset stands in its place.',
      adjust: 'its changes on the way (adjust) make no sense, so nothing is changed while it trains.',
      ink: 'its drawing (ink) is none, so the pad is empty.',
      settings: 'some of its settings cannot have these values, and are as usual.',
    },
    tooLarge:
      'Batches of this size have no room in memory with this network. Choose a smaller batch size, or a smaller network; what has been trained is still there.',
    failed: 'Something went wrong. Reset makes a new network; reloading the page makes a new everything.',
    detail: 'Technical message',
    dismiss: 'Close this message',
  },
  /** Why files cannot be used. */
  refused: {
    stays: 'Nothing else has changed: the digits, and what the network has learned, stay.',
    expected:
      'Expected: IDX files such as train-images-idx3-ubyte and train-labels-idx1-ubyte, of pictures and of their labels, gzipped or not; a CSV with the label first in each row; or a folder of pictures in folders named 0 to 9.',
    kind: ({ file, looks }: Of<'kind'>) =>
      `${file} is ${
        {
          picture: 'a picture, not a set of digits',
          gzip: 'packed twice',
          zip: 'a zip archive: unpack it first',
          pdf: 'a PDF document',
          hdf5: 'an HDF5 file',
          npy: 'a NumPy array',
          text: 'a text',
          empty: 'empty',
          unknown: 'not an IDX file',
        }[looks]
      }.`,
    type: ({ file }: Of<'type'>) => `${file} holds other values than bytes from 0 to 255.`,
    axes: ({ file, axes }: Of<'axes'>) =>
      `${file} has ${axes === 1 ? '1 axis' : `${axes} axes`}: pictures have three (number, height, width), labels one.`,
    length: ({ file, bytes, promised }: Of<'length'>) =>
      promised === undefined || bytes === undefined
        ? `${file} is longer or shorter than its header says.`
        : `${file} is ${bytes < promised ? 'cut short' : 'too long'}: ${count(bytes)} of ${count(promised)} bytes.`,
    size: ({ file }: Of<'size'>) => `${file} is too large for this page.`,
    damaged: ({ file }: Of<'damaged'>) => `${file} is damaged: it cannot be unpacked.`,
    unreadable: ({ file }: Of<'unreadable'>) =>
      `${file} cannot be read: it is a folder, or was moved meanwhile.`,
    twice: ({ file, other, holds: kind }: Of<'twice'>) =>
      `${file} and ${other} both hold ${holds[kind]} of the same set: say “train” or “test” in their names.`,
    alone: ({ file, missing }: Of<'alone'>) => `The ${holds[missing]} that belong to ${file} are missing.`,
    counts: ({ images, labels }: Of<'counts'>) =>
      `${images.file} holds ${pictures(images.count)}, but ${labels.file} holds ${labelsOf(labels.count)}.`,
    sizes: ({ train, test }: Of<'sizes'>) =>
      `The pictures to learn from are ${size(train)}, those to be tested on ${size(test)}.`,
    row: ({ file, row }: Of<'row'>) =>
      `Row ${count(row)} of ${file} is no label followed by the pixels of a square picture, 0 to 255.`,
    unlabelled: ({ file }: Of<'unlabelled'>) =>
      `${file} lies in no folder that is named by its label, such as 7.`,
    few: (_: Of<'few'>) => 'There are too few pictures: at least one to learn from and one to be tested on.',
    other: 'These files cannot be used.',
  } satisfies Record<string, unknown>,
  /** What was done to the visitor's pictures. */
  taken: {
    label: 'The first of your pictures',
    from: (count: string, size: string) =>
      `${pictures(count)}, ${size}, fitted to 28\u00a0×\u00a028 as drawings are.`,
    classes: (classes: number) => `They show ${classes} classes, 0 to ${classes - 1}.`,
    turned: 'EMNIST’s files hold pictures on their side: these were turned.',
    upright: 'Do they stand upright?',
    turn: 'Turn them',
    turnBack: 'Turn them back',
    size,
  },
  network: {
    heading: 'Network',
    preset: 'Preset',
    presets: { dense: 'Dense (the tutorial)', lenet: 'LeNet', convnet: 'Convnet' },
    own: 'Your own',
    edit: 'Edit',
    goIn: 'Choose it to look inside',
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
      GlobalAveragePooling2D: 'Mean of each map',
      BatchNormalization: 'Batch normalization',
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
      GlobalAveragePooling2D: 'Of each feature map only its mean stays: one number',
      BatchNormalization:
        'Shifts and scales each value so that over a batch its mean is 0 and its spread 1, then by two numbers that it learns',
      Dropout: 'While training, switches off inputs at random, so that none becomes indispensable',
      Activation: 'Bends each value by one function',
    } as Record<string, string>,
    tiles: (shown: number, all: number) =>
      `${shown === all ? 'All' : shown} of its ${all} units: what each looks for`,
    filters: (shown: number, all: number) =>
      `${shown === all ? `Its ${all}` : `${shown} of its ${all}`} filters, each on its first input`,
    mapsOf: (shown: number, all: number) =>
      `What ${shown === all ? `its ${all}` : `${shown} of its ${all}`} filters find in what is on the pad`,
    columns: 'One row for each digit: which inputs speak for it, and which against',
    sign: 'Green speaks for, orange against',
    lit: (lit: number, all: number) => `${lit} of ${all} lit`,
    litTip:
      'What is on the pad lights it up: the more a unit answers, the stronger its colour; silent ones fade',
  },
  settings: {
    heading: 'Settings',
    learningRate: 'Learning rate',
    batchSize: 'Batch size',
    momentum: 'Momentum',
    adjusted: (times: number) =>
      `Changed ${times === 1 ? 'once' : `${times} times`} while it trained. The address says when and how: a link replays it to the same bits.`,
    epochs: 'Epochs',
    optimizer: 'Optimizer',
    seed: 'Seed',
    optimizers: { adam: 'Adam', sgd: 'SGD', momentum: 'SGD with momentum' },
    tips: {
      learningRate:
        'How far each step moves the weights. Changed while it trains, it holds from the next step on',
      falls: (left: number) => `With this preset it falls, step by step, to ${hundredths(left, 0)} % of that`,
      batchSize:
        'How many digits are looked at before each step. Changed while it trains, it holds from the next step on',
      momentum:
        'What each step keeps of the step before. Changed while it trains, it holds from the next step on',
      epochs: 'How many times it goes through all training digits; counts from the next start',
      optimizer: 'The rule that turns gradients into steps',
      seed: 'The same seed gives the same weights, on any machine',
      dice: 'Another seed',
    },
    refused: {
      number: (said: string) => `“${said}” is not a number`,
      whole: (said: string) => `${said} is not a whole number`,
      range: (said: string, min: string, max: string) => `${said} is not between ${min} and ${max}`,
      stays: (value: string) => `It stays ${value}`,
    },
  },
  machine: {
    mode: 'Arithmetic',
    exact: 'Exact',
    fast: 'Fast',
    threads: 'Threads',
    tips: {
      mode: 'Exact: the same seed, the same bits, on any machine. Fast gives that up where the browser can fuse steps. A change starts the page anew',
      threads: 'How many cores compute; the results are the same. A change starts the page anew',
    },
    /** Why fewer threads, or another mode, than asked for. */
    notes: {
      alone: 'This page may use one thread: its server does not isolate it',
      fewer: 'Some threads could not be had',
      exact: 'This browser has no fast mode',
    },
  },
  mistakes: {
    heading: 'What it gets wrong',
    before: 'The test digits it misreads are shown here, once it was tested for the first time.',
    shown: (shown: number, all: number) =>
      shown === all
        ? `${count(all)} of its mistakes, all`
        : `The first ${count(shown)} of ${count(all)} mistakes`,
    cell: (label: string, guess: string, n: number) =>
      `${n === 1 ? '1 time' : `${count(n)} times`} ${a(label)}, read ${label === guess ? 'as such' : `as ${a(guess)}`}`,
    none: 'Not one.',
    all: 'Show all mistakes',
    more: 'Show more',
    hint: 'Choose one to look at it',
    list: 'Mistakes',
  },
  opened: {
    heading: (index: number) => `Test digit ${count(index)}`,
    truth: 'In truth',
    read: 'Read as',
    lay: 'Lay it on the pad',
    why: 'Ask why',
    close: 'Close',
  },
  confusion: {
    heading: 'What it takes for what',
    label: 'Confusion matrix: rows are the true digits, columns the digits read',
    truth: 'in truth',
    read: 'read as',
    recall: 'right',
    most: (shown: number, all: number) => `The ${shown} of ${all} classes with most mistakes`,
  },
  ideas: {
    heading: 'What if …',
    lead: 'Each starts from the usual settings, beside the run before.',
    list: [
      {
        title: 'the steps are far too large?',
        text: 'Learning rate 1: watch what becomes of the loss, and of the units inside.',
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
      'The four files of MNIST or of a set made like it (Fashion, Kuzushiji, EMNIST): images and labels, to learn from and to be tested on, gzipped or not. Pictures of other sizes are fitted to 28 × 28. A table does as well (CSV: the label, then the pixels), or a folder of pictures, in folders named by their labels.',
    choose: 'Choose files',
    folder: 'Choose a folder',
    mnist: 'Use MNIST',
    styles: 'Use MNIST and styles',
    stylesTip:
      'MNIST’s writers were American. Beside their 60,000 digits stand 20,000 that this page writes as people elsewhere do: crossed sevens, hooked nines, ones with an upstroke. Drawn digits are read far better',
    generated: 'Use digits drawn by this page',
    stays: 'The files are read here and sent nowhere.',
  },
  foot: {
    made: 'Made with mapling: tensors, gradients and layers in Rust, compiled to WebAssembly, with an API like that of Keras.',
    source: 'Source',
    documentation: 'Documentation',
    npm: 'npm',
    licences: 'Licences',
    mnist:
      'MNIST: Yann LeCun, Corinna Cortes and Christopher J. C. Burges, from scans by NIST; under CC BY-SA 3.0.',
    parts: 'Also in it: Preact, uPlot, Papa Parse and a typeface made from IBM Plex Sans.',
  },
};

export type LaterWords = typeof en;
