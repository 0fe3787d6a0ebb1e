import type { LessonWords } from '../../lesson';
import type { Name } from '../graph';

export const en = {
  title: 'Backwards',
  comments: {} as Record<string, string>,
  text: [
    'The line knew how to go downhill because it knew its two slopes. A network has many weights, and most of them lie far from the loss, behind other neurons. How much would the loss change if one of them changed a little? This is asked backwards.',
    'Here is one neuron with its loss, taken apart into nine nodes. On the way forward each node makes its value of those before it, and remembers them. At the end stands the loss L.',
    'On the way back each node asks: if I grew by a little, how much would L grow? For L itself the answer is 1. For any other node it follows from the node after it: how much L changes with that one, times how much that one changes with me. That is the chain rule: ∂L/∂a = ∂L/∂e · ∂e/∂a. If a node is used in several places, the answers add up.',
    'So one walk back finds all gradients at once, for about the price of one walk forward. Whether there are two weights or a hundred million, nothing else happens: libraries call it autograd, and mapling’s own computes every number that you see here.',
  ],
  question: {
    ask: 'Pull w up to 3, so that s becomes large and a almost 1. What happens to the gradient of w?',
    guesses: ['It grows with w', 'It almost vanishes', 'It stays as it is'],
    right: 1,
    why: 'There tanh is flat: 1 − a² is almost nothing, and all that lies before it gets its gradient through this one factor. The neuron is wrong and hardly learns: that is what vanishing gradients are.',
  },
  tries: [
    'Go node by node to the end and back. Before each press say what will stand on the edge.',
    'Choose a node and check its gradient against a difference. Make h smaller: where do they agree best? At 0.0001 the difference loses digits, the gradient does not.',
    'Play, and watch the loss fall from update to update. Then set y to 2, which tanh cannot reach, and see where it ends.',
  ],
  lab: {
    meaning: {
      x: 'input',
      w: 'weight',
      p: 'product',
      b: 'bias',
      s: 'sum',
      a: 'activation',
      y: 'truth',
      e: 'error',
      L: 'loss',
    } satisfies Record<Name, string>,
    nextNode: 'Next node',
    previousNode: 'One back',
    before: 'Before the first step',
    given:
      'Given are the input x, the truth y, and the weights w and b. “Next node” makes the first product.',
    forward: (name: string, meaning: string): string => `Forward: ${name}, the ${meaning}`,
    back: (name: string, meaning: string): string => `Back: ${name}, the ${meaning}`,
    update: 'Update: w and b take a step downhill',
    begins: 'If the loss grows by a little, the loss grows by just that: the way back begins with 1.',
    because: (by: string, formula: string, name: string, rule: string, value: string): string =>
      `Since ${by} = ${formula}, ∂${by}/∂${name} is ${rule}${rule.replace('−', '') === value.replace('−', '').replace('.00', '') ? '' : `, here ${value}`}.`,
    soMuch: (name: string, isUp: boolean): string =>
      isUp ? `A larger ${name} makes the loss larger.` : `A larger ${name} makes the loss smaller.`,
    check: 'Check it',
    ofNode: 'the gradient of',
    byAutograd: 'by the way back',
    checkHint: 'The difference nudges this one node and runs forward twice. The way back needs no nudge.',
    curious: 'For the curious: the gradient’s gradient',
    curvature: (bend: number): string =>
      bend === 0
        ? 'The slope is the same everywhere: this loss is a straight line in L itself.'
        : bend > 0
          ? 'How fast the slope itself changes. It is positive: here the loss bends upwards like a bowl, and a step can be too long.'
          : 'How fast the slope itself changes. It is negative: here the loss bends downwards like a hilltop, and the slope grows on the way down.',
    loss: 'Loss',
    updates: 'Updates',
  },
} satisfies LessonWords & { lab: unknown };

export type Words = typeof en;
