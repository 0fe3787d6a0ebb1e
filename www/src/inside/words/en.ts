import { a } from '../../words/en';

/** The words of what happens inside the network and why it reads as it does. */
export const en = {
  inside: {
    heading: 'What happens inside',
    lead: 'What is on the pad, layer by layer, as the network sees it now. Choose a map or a unit to see the sum behind it.',
    none: 'The sum behind a map or a unit stands here as soon as you choose one.',
    empty: 'Draw a digit, or lay a test digit on the pad, and it lights the network up.',
    maps: (name: string, count: number, height: number, width: number) =>
      `${name}: ${count} ${count === 1 ? 'map' : 'maps'} of ${height} × ${width}`,
    units: (name: string, count: number) => `${name}: ${count} ${count === 1 ? 'unit' : 'units'}`,
    map: (index: number) => `Map ${index + 1}`,
    unit: (index: number) => `Unit ${index + 1}`,
    probability: (name: string) => `Probability of ${name}`,
    quiet: (quiet: string, all: string) => `${quiet} of ${all} are silent`,
    looksInto: (name: string) => `Inside: ${name}`,
    zoomLead: 'What this layer makes of the pad, live. Choose a map or a unit to see the sum behind it.',
    /** Where there are keys. */
    escape: 'Escape leads out.',
    close: 'Close',
    place: (x: number, y: number) => `at column ${x + 1}, row ${y + 1}`,
    choosePlace: 'Point at a place of the map, or move with the arrow keys.',
    sum: (count: number) =>
      count === 1 ? 'Its sum, of one product' : `Its sum of ${count} products, the largest first`,
    input: (x: number, y: number) => `pixel ${x + 1}, ${y + 1}`,
    from: (map: number, x: number, y: number) => `map ${map + 1} at ${x + 1}, ${y + 1}`,
    before: (unit: number) => `unit ${unit + 1}`,
    others: (count: number) => (count === 1 ? '1 other' : `${count} others`),
    bias: 'bias',
    total: 'sum',
    after: (activation: string) => `after ${activation}`,
    pooled: {
      MaxPooling2D: 'The largest value of its window.',
      AveragePooling2D: 'The mean of the values in its window.',
    } as Record<string, string>,
    gradient: (name: string, change: string) =>
      `If this grew by 1, the score of ${name} would change by ${change}.`,
  },
  step: {
    heading: (step: string) => `Step ${step}, from within`,
    beats: 'The three beats of a step',
    next: 'Next',
    batch: (count: number) => (count === 1 ? 'The digit of this batch' : `Digits of this batch of ${count}`),
    digit: (label: number, loss: string) => `A${a(label).slice(1)}, surprise ${loss}`,
    forward: {
      name: 'Forward',
      lead: 'Each picture of the batch goes through the network. The last layer gives ten scores; softmax makes probabilities of them.',
      truth: (label: number) => `In truth: ${label}`,
      score: 'score',
      probability: 'probability',
      surprise: (label: number) => `How much it was surprised that this is a ${label}:`,
      loss: (count: number) =>
        count === 1
          ? 'The loss of this step:'
          : `The loss, the mean surprise at all ${count} digits of the batch:`,
    },
    back: {
      name: 'Back',
      lead: 'From the loss back to the picture, the chain rule gives each weight its gradient: how much the loss would grow if the weight did.',
      sizes: 'How large the gradient is in each layer (root of the sum of squares), last layer first',
      picture: 'The first layer’s gradient: green would raise the loss, orange lower it',
    },
    update: {
      name: 'Update',
      lead: 'The optimizer moves each weight a little against its gradient, so that the surprise becomes smaller.',
      sizes: 'How far each layer moved, as a share of its size',
      farthest: 'The weights that moved farthest',
      weight: 'weight',
      before: 'before',
      gradient: 'gradient',
      after: 'after',
      biasOf: (digit: number) => `bias of the ${digit}`,
      toDigit: (from: number, digit: number) => `input ${from} to the ${digit}`,
      bias: (unit: number) => `bias of unit ${unit}`,
      kernel: (filter: number, x: number, y: number) => `filter ${filter} at ${x}, ${y}`,
      pixel: (x: number, y: number, unit: number) => `pixel ${x}, ${y} to unit ${unit}`,
      between: (from: number, unit: number) => `input ${from} to unit ${unit}`,
      remembered:
        'A gradient of 0, and yet a move: the optimizer remembers the steps before and keeps going their way for a while.',
      picture: 'How the first layer moved: green up, orange down',
      now: (label: number, before: string, after: string) =>
        `The probability of ${label} for this digit: before the step ${before}, after it ${after}.`,
    },
  },
  health: {
    heading: 'How the layers are doing',
    lead: (digits: string) =>
      `Measured now and then on the first ${digits} test digits, while this part is in sight. A line shows how a size went, on a log scale.`,
    waiting: 'Measuring…',
    layer: 'Layer',
    gradient: 'Gradient',
    weights: 'Weights',
    dead: 'Silent units',
    none: 'none',
    of: (dead: number, all: number) => `${dead} of ${all}`,
    why: 'A unit that is 0 for every digit gets no gradient and learns nothing: often steps were too large. Gradients that shrink from layer to layer, or soar, say why a deep network learns slowly, or not at all.',
  },
  why: {
    heading: 'Why this answer?',
    empty: 'Draw a digit: here you will see which of its points the answer hangs on.',
    lead: (hasMaps: boolean) =>
      `${hasMaps ? 'Four' : 'Three'} ways to ask, and what the network has seen that is most like it. Green speaks for the answer, orange against it.${hasMaps ? '' : ' A convnet can be asked in a fourth.'}`,
    /** Of what the page takes for no digit, or for several. */
    asOne: (name: string, digits: number) =>
      digits === 0
        ? `The page takes this for no digit. Had it to be one, the network would say ${name}: that is what is explained.`
        : `The page reads ${digits} digits. What is explained is the whole pad as a single one, for which the network would say ${name}. Draw one alone to ask about that.`,
    asking: 'Looking…',
    as: (name: string) => `for ${name}`,
    gradient: 'Gradient × input',
    gradientNot:
      'How the score would change with each point, times its ink. It says what a tiny change would do, not what the whole stroke does.',
    integrated: 'Integrated gradients',
    integratedNot:
      'The same, added up on the way from an empty page to this drawing. The sum is the score, less that of an empty page; the empty paper itself never counts.',
    occlusion: 'Covering',
    occlusionNot:
      'A patch is covered at each place: what does the score lose? But a covered digit is one that nobody writes.',
    activation: 'Class activation',
    activationNot:
      'The last feature maps, at each place times how much the score grows with them: where they look, not what they see there.',
    nearest: 'Most alike',
    nearestNot: (looked: string) =>
      `Of the ${looked} training digits looked through so far, by the last hidden layer: alike to the network, not to you.`,
    label: (label: number) => `a training digit, in truth ${label}`,
  },
};

export type InsideWords = typeof en;
