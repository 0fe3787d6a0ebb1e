import type { LessonWords } from '../../lesson';

export const en = {
  title: 'Neurons and layers',
  comments: {} as Record<string, string>,
  text: [
    'A neuron is the line of the first lesson with two things more: several inputs, each with a weight of its own, and a bend at the end. Here the inputs are a point’s two coordinates. The weighted sum w₁·x₁ + w₂·x₂ + b is zero along a straight line: on one side the neuron says yes, on the other no. The bend, called activation, makes that a soft step.',
    'One neuron can therefore cut the plane once, with a ruler. Most questions are not that simple. So put several side by side: each draws its own line, and the next neuron weighs their answers. Side by side they are a layer; layers one after the other are a network.',
    'The small pictures show what each neuron says of every place in the plane, the large one what they add up to. Green means yes, orange no. Lines between them are weights: the thicker, the larger.',
    'All of it learns by the same four words as the line: forward, loss, gradient, update. Without the bend it would all be in vain: sums of sums are sums, and ten layers of lines are one line.',
  ],
  question: {
    ask: 'A ring of one colour around a heap of the other: how many neurons does the hidden layer need at least?',
    guesses: ['One', 'Three', 'One for each point'],
    right: 1,
    why: 'Three lines make a triangle around the heap, and the output neuron asks whether a point is inside of all three. Two lines leave a way out.',
  },
  tries: [
    'Play with one neuron on the moons, then add a second, third and fourth. The losses stay for comparison.',
    'Set the activation to none and add as many layers as you like: the border stays straight.',
    'Take the spiral, with two layers of eight. If it gets stuck, draw other weights to begin with. Then paint points of your own across its border and watch it give way.',
  ],
  lab: {
    points: 'Points',
    patterns: { moons: 'Moons', rings: 'Rings', spiral: 'Spiral', own: 'Your own' },
    network: 'Each unit’s own answer',
    networkHint: 'Choose one to see it large',
    layer: (at: number) => `Layer ${at}`,
    fewer: (at: number) => `One unit less in layer ${at}`,
    more: (at: number) => `One unit more in layer ${at}`,
    addLayer: 'Add a layer',
    removeLayer: 'Remove it',
    activation: 'Activation',
    none: 'none',
    unitOf: (layer: number, unit: number) => `Layer ${layer}, unit ${unit}`,
    unitBias: (bias: string) => `Bias ${bias}`,
    output: 'Output: what all units add up to',
    chosen: (isFirst: boolean): string =>
      isFirst
        ? 'Shown large. The blue line is its own: there its weighted sum is zero.'
        : 'Shown large. Along the blue line its weighted sum is zero: lines of the layer before, added up.',
    wholeNetwork: 'Back to the whole network',
    plane: 'What they add up to',
    planeLabel:
      'The plane with its points. Arrow keys move a cursor, Enter paints a point of the chosen colour or erases.',
    planeHint:
      'Paint points with pointer or finger; with keys: arrows and Enter. The line is where it wavers.',
    paint: 'Paint',
    brushes: { one: 'Green', zero: 'Orange', erase: 'Erase' },
    painted: (brush: string, x: string, y: string, count: number) =>
      `${brush} at ${x}, ${y}. ${count} ${count === 1 ? 'point' : 'points'}.`,
    atPlace: (x: string, y: string, share: number) => `${x}, ${y}: ${share} % green`,
    reseed: 'Other weights',
    losses: 'Losses compared',
    lossesHint: 'on the points it learns from',
    lossesLabel:
      'Loss by steps, on a logarithmic scale: this network and those before it; the table has the numbers',
    step: (at: number) => `step ${at}`,
    run: 'Network, points',
    comma: ', ',
    steps: 'Steps',
    loss: 'Loss',
    right: 'Right',
    flown: 'The loss is no longer a number: the steps were too large and the weights flew apart.',
    recover: 'Start anew, with 0.03',
    empty: 'There are no points. Paint some of both colours on the plane, then press Play.',
  },
} satisfies LessonWords & { lab: unknown };

export type Words = typeof en;
