/** The words of what happens inside the network and why it reads as it does. */
export const en = {
  inside: {
    heading: 'What happens inside',
    lead: 'What is on the pad, layer by layer, as the network sees it now. Choose a map or a unit to see the sum behind it.',
    empty: 'Draw a digit, or lay a test digit on the pad, and it lights the network up.',
    maps: (name: string, count: number, height: number, width: number) =>
      `${name}: ${count} maps of ${height} × ${width}`,
    units: (name: string, count: number) => `${name}: ${count} units`,
    map: (index: number) => `Map ${index + 1}`,
    unit: (index: number) => `Unit ${index + 1}`,
    score: (digit: number) => `Score of ${digit}`,
    quiet: (quiet: number, all: number) => `${quiet} of ${all} are silent`,
    looksInto: (name: string) => `Inside: ${name}`,
    zoomLead:
      'What this layer makes of the pad, live. Choose a map or a unit to see the sum behind it. Escape leads out.',
    close: 'Close',
    place: (x: number, y: number) => `at column ${x + 1}, row ${y + 1}`,
    choosePlace: 'Point at a place of the map, or move with the arrow keys.',
    sum: 'Its sum',
    products: (count: number) => `${count} products`,
    largest: 'the largest',
    input: (x: number, y: number) => `pixel ${x + 1}, ${y + 1}`,
    from: (map: number, x: number, y: number) => `map ${map + 1} at ${x + 1}, ${y + 1}`,
    before: (unit: number) => `unit ${unit + 1}`,
    others: (count: number) => `${count} others`,
    bias: 'bias',
    total: 'sum',
    after: (activation: string) => `after ${activation}`,
    pooled: 'The largest value of its window.',
    gradient: (digit: number, change: string) =>
      `If this grew by 1, the score of ${digit} would change by ${change}.`,
  },
  why: {
    heading: 'Why this answer?',
    lead: 'Four ways to ask, and what the network has seen that is most like it. Green speaks for the answer, orange against it.',
    asking: 'Looking…',
    as: (digit: number) => `for ${digit}`,
    gradient: 'Gradient × input',
    gradientNot: 'Says what a tiny change would do, not what the whole stroke does.',
    integrated: 'Integrated gradients',
    integratedNot: 'Adds up to the score, measured from an empty page: empty paper never counts.',
    occlusion: 'Covering',
    occlusionNot: 'A covered digit is one that nobody writes: the network may be wrong about it.',
    activation: 'Class activation',
    activationNot: 'Shows where the last maps look, not what they see there. Only for convolutions.',
    nearest: 'Most alike',
    nearestNot: (looked: string) =>
      `Of the first ${looked} training digits, by the last hidden layer: alike to the network, not to you.`,
    label: (label: number) => `a training digit, in truth ${label}`,
  },
};

export type InsideWords = typeof en;
