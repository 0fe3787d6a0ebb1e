/** The words of the editor of networks. */
export const en = {
  heading: 'Your own network',
  lead: 'The network that trains now stays until you build this one; then you can still go back.',
  add: 'Add a layer',
  full: (most: number) => `${most} layers are the most`,
  up: (name: string) => `Move ${name} up`,
  down: (name: string) => `Move ${name} down`,
  remove: (name: string) => `Remove ${name}`,
  answer: 'Answer: ten probabilities',
  answerTip: 'A dense layer with a unit for each digit, and softmax: it always comes last',
  params: (count: string) => `${count} to learn`,
  work: (count: string) => `${count} multiply-adds`,
  allWork: (count: string) => `${count} multiply-adds to read a digit`,
  build: 'Build and train it',
  close: 'Close',
  stays: 'This cannot be built yet. The network that is there stays.',
  between: (min: number, max: number) => `${min} to ${max}`,
  fields: {
    units: 'Units',
    filters: 'Filters',
    kernelSize: 'Kernel',
    strides: 'Stride',
    poolSize: 'Square',
    rate: 'Share off',
    activation: 'Activation',
    padding: 'Edges',
    targetShape: 'Shape',
  } as Record<string, string>,
  choices: {
    linear: 'none',
    valid: 'cut off',
    same: 'padded',
  } as Record<string, string>,
  refused: {
    picture: (given: string) =>
      `This layer looks at pictures (height × width × maps), but it is given ${given} numbers in a row. Move it before Flatten.`,
    window: (size: number, given: string) =>
      `A window of ${size} × ${size} does not fit into ${given}. Make it smaller, or take a pooling before it away.`,
    reshape: (given: string, wanted: string) =>
      `It is given ${given} numbers, and this shape holds ${wanted}: both must be the same.`,
    flat: (given: string) =>
      `The answer needs numbers in a row, but it is given ${given}. Add Flatten as the last layer of pictures.`,
    memory:
      'This is too large for the memory that a page may have. Fewer units or filters, or a pooling before.',
    other: 'The library refuses this layer: ',
  },
};

export type EditorWords = typeof en;
