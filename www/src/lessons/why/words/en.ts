import { a } from '../../../words/en';
import type { LessonWords } from '../../lesson';

export const en = {
  title: 'Why did it say that?',
  comments: {} as Record<string, string>,
  text: [
    'A network gives an answer, not a reason. But everything in it is arithmetic that can be run backwards. In lesson 3 the gradient said how the loss changes with a weight; here it says how the score of a digit changes with each pixel of your drawing.',
    'Gradient × input multiplies that with the ink that is there. Integrated gradients add it up along the way from an empty page to your drawing: score(drawing) − score(empty) = Σ contributions, up to the small error of 32 steps. Covering asks directly: hide a patch, and see what the score loses. Class activation says where the last feature maps look. And the most alike training digits show what the network has seen.',
    'None of them is the reason. Each answers a question of its own, and says below what it does not show. Where they agree, you may trust them a little more.',
    'So test them. If these pixels really speak for a 7, then without them the 7 should be gone, and sooner than if as much ink goes at random. The network goes on training meanwhile, and its reasons change with it.',
  ],
  question: {
    ask: 'You erase the fifth of the ink that speaks most for the answer. And then a fifth at random. What happens?',
    guesses: [
      'About the same: it is a fifth either way',
      'The first nearly always destroys the answer, the second seldom',
      'Both destroy it: a digit with holes is none',
    ],
    right: 1,
    why: 'The chosen fifth is what told this digit from the others; a random fifth leaves strokes that still go together. This gap is how methods of explanation are measured: it is called the deletion curve.',
  },
  tries: [
    'Choose a mistake and ask for the true digit instead of the answer: what speaks against it?',
    'Draw a 7 and ask “why not a 1?”. Then draw the bar longer: which pixels change sides?',
    'Choose a convnet as the network. Do its reasons lie more on the strokes than those of the dense network?',
  ] as [string, string, string],
  chooser: {
    heading: 'Your drawing, or one of its mistakes',
    lead: 'What is on the pad is explained. Choose a mistake to lay it there.',
    none: 'What is on the pad is explained. Its mistakes are shown here once it was tested.',
    renew: 'The newest mistakes',
  },
  classes: {
    heading: 'Why this digit, and why not another?',
    lead: 'Choose whose score is explained.',
    mistake: (truth: string, guess: string) => `In truth this is ${a(truth)}, read as ${a(guess)}.`,
  },
  erase: {
    heading: (name: string) => `Erase what speaks for ${name}`,
    lead: 'By integrated gradients, the strongest pixels go first. The other line erases as much at random.',
    slider: (percent: number) => `${percent} % of the ink erased`,
    value: (percent: number, read: string, sure: string) => `${percent} % erased: read as ${read}, ${sure} %`,
    picture: (percent: number) => `The picture with ${percent} % of its ink erased`,
    now: (read: string, sure: string, digit: string, share: string, random: string) =>
      `Now it reads ${read}, with ${sure}\u00a0%. For ${digit} there is ${share}\u00a0% left; at random there would be ${random}\u00a0%.`,
    probability: (name: string) => `Probability of ${name}`,
    chart: 'Chart of the probability over the share of ink that is erased; the line above has the numbers',
    first: 'strongest first',
    random: 'at random',
    erased: 'erased',
    not: 'What this does not show: what the network would say of a digit that somebody wrote so. Half-erased digits were never among its training digits.',
  },
} satisfies LessonWords & Record<string, unknown>;

export type Words = typeof en;
