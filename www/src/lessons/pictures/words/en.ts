import { count, hundredths } from '../../../format';
import type { LessonWords } from '../../lesson';

export const en = {
  title: 'Pictures',
  comments: {} as Record<string, string>,
  text: [
    'A dense layer has a weight for each pixel. Move a digit by two pixels, and it is a new picture to it. Yet an edge is an edge, wherever it lies. So let the mapping be small, and use it everywhere.',
    'A kernel is a window of nine weights. Lay it on the picture, multiply each pixel by the weight over it, and add up: y = w₁x₁ + … + w₉x₉. That is one number. Move the window by a pixel and do it again, until you have been everywhere. The numbers make a new picture, the feature map: they are large where the picture looks like the kernel. This is a convolution, and the same nine weights serve at 676 places.',
    'Which kernels? People used to think them up: edges, blur, sharpening. A network finds them by gradient descent, like any other weight: many in each layer, and in the next layer kernels over all of those maps.',
    'Then pooling keeps of each small square only its largest number. The map gets four times smaller, and where exactly something lay matters less: just what the dense layer could not do.',
  ],
  question: {
    ask: 'The kernel has −1 on the left, 0 in the middle and 1 on the right. What is its sum inside a stroke whose ink is even?',
    guesses: ['As large as it gets', '0', 'Below zero'],
    right: 1,
    why: 'What is added on the right is taken away on the left. Only where left and right differ, at an edge, does anything remain: above zero where there is more ink on the right, below zero where there is less.',
  },
  tries: [
    'Slide the window over the left and then the right edge of a stroke: see the sum change its sign.',
    'Set all nine weights to 0 but for one corner. What does the map show? Then let a network find your kernel.',
    'Pool with 2, 3 and 4, and move the digit by a pixel: how much of the pooled map changes? Larger squares mostly mean less, but it depends on where in its square a stroke lies.',
  ] as [string, string, string],
  lab: {
    slide: {
      heading: 'A kernel slides over your digit',
      picture: 'The digit. Arrow keys move the window',
      map: 'The feature map. Arrow keys move the window',
      at: (x: number, y: number, sum: string) => `column ${x + 1}, row ${y + 1}: the sum is ${sum}`,
      kernel: 'Kernel',
      weight: (row: number, column: number) => `Weight in row ${row}, column ${column}`,
      presets: {
        vertical: 'Edges |',
        horizontal: 'Edges —',
        outline: 'Outline',
        blur: 'Blur',
        sharpen: 'Sharpen',
        same: 'As it is',
      },
      presetsLabel: 'Kernels to begin with',
      mapCaption: (width: number, height: number) => `Feature map, ${width} × ${height}`,
      products: (count: number) => `${count} products and their sum`,
      sum: 'Sum',
      cut: 'Cut off below zero (ReLU)',
      cutTo: 'after ReLU',
    },
    search: {
      heading: 'Can a network find your kernel?',
      lead: 'It is shown test digits and the maps that your kernel makes of them, never the kernel. It begins with random weights.',
      begin: 'Let it search',
      again: 'Search again',
      stop: 'Stop',
      wanted: 'Your kernel',
      found: 'What it has found',
      step: (step: number, loss: string) => `step ${count(step)}, mean squared error ${loss}`,
      success: 'Found: nobody told it, the gradient led there.',
      lossLabel: (loss: string) => `The error after each step, now ${loss}`,
      first: 'step 1',
      last: (step: number) => count(step),
      line: 'error',
    },
    pool: {
      heading: 'What pooling keeps',
      kinds: { max: 'Largest', average: 'Average' },
      kindsLabel: 'What is kept of each square',
      size: 'Square',
      numbers: (before: number, after: number) => `${count(before)} numbers become ${count(after)}`,
      map: (size: number) => `The map, in squares of ${size} × ${size}`,
      after: (width: number, height: number) => `Pooled, ${width} × ${height}`,
      square: (values: string, kept: string) => `In this square: ${values}. Kept: ${kept}.`,
      shift: 'Move the digit to the right',
      pixels: (pixels: number) => (pixels === 1 ? '1 pixel' : `${pixels} pixels`),
      changed: (map: number, pooled: number): string =>
        `The map changes by ${hundredths(map, 0)}\u00a0% of its size, the pooled map by ${hundredths(pooled, 0)}\u00a0%.`,
    },
    filters: {
      heading: 'What this network looks for',
      dense:
        'The network on this page has no convolutions: each of its units weighs all 784 pixels. Train one that has, and see its kernels grow here. Your run is kept, with a way back.',
      train: 'Train a convnet',
      lead: 'Its kernels as they are now, each above the map that it makes of the digit. Press one to lay it on your digit.',
      waiting: 'Its first weights are on their way…',
      filter: (at: number) => `Kernel ${at + 1}: lay it on the digit`,
      layer: (name: string, width: number, height: number, maps: number) =>
        `${name}: ${maps} maps of ${width} × ${height}`,
      some: (shown: number) => `${shown} of them`,
      names: { Conv2D: 'Convolution', MaxPooling2D: 'Max pooling' } as Record<string, string>,
      map: (at: number) => `Map ${at + 1}`,
    },
  },
} satisfies LessonWords & { lab: object };

export type Words = typeof en;
