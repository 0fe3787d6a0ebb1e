import type { LessonWords } from '../../lesson';

const outcome = { better: 'better', same: 'no sure difference', worse: 'worse' };

export const en = {
  title: 'Better: what helps, and how would you know?',
  comments: {} as Record<string, string>,
  text: [
    'A network that reads 95 % of MNIST’s test digits may read only 80 % of yours. MNIST’s writers were Americans of the 1990s; you hook your 9, cross your 7, give your 1 a foot. Whatever was not in the training digits has not been learnt.',
    'There are two families of remedies. Some change the digits: augmentation turns, slants and stretches each a little every time; styles adds digits written as people elsewhere write them. Others change the training: dropout silences units at random, so that none relies on another; weight decay pulls all weights towards 0; a schedule makes the steps smaller towards the end; an ensemble lets several networks vote.',
    'Did it help? A second run with another seed differs too. So each figure has an error bar: of 10,000 digits a share of 95 % is known to ±0.4 points, of 30 digits to ±10. And two networks are compared on the very digits on which they disagree: if one wins 20 and the other 10, a coin might have done that.',
    'Each trial runs in a worker of its own, on 10,000 digits for 8 epochs. Your network stays as it is.',
  ],
  question: {
    ask: 'Which one helps most with digits drawn by strangers?',
    guesses: ['Dropout', 'Weight decay', 'More styles of writing', 'Smaller steps at the end'],
    right: 2,
    why: 'The others make better use of the same digits. Only new styles (and, somewhat, augmentation) bring what strangers do that MNIST’s writers did not.',
  },
  tries: [
    'Run augmentation, then styles. One helps on MNIST’s test digits, the other on strangers’: which figure would you report?',
    'Run dropout or weight decay. On how many digits do the two networks disagree? Might a coin have done that?',
    'Run everything together, and compare its row with those of augmentation and of styles: does it win on both sets, or is it a compromise? Choose “As it is” in the table: which of the thirty drawn digits did it misread?',
  ] as [string, string, string],
  trials: {
    heading: 'Try one',
    lead: 'Guess first; then it runs beside the network as it is.',
    names: {
      plain: 'As it is',
      augment: 'Augmentation',
      dropout: 'Dropout',
      decay: 'Weight decay',
      schedule: 'Schedule',
      styles: 'Styles',
      ensemble: 'Ensemble',
      all: 'Together',
    },
    about: {
      augment:
        'Each digit is turned by up to 11°, slanted, stretched and moved a little, anew each time it is seen.',
      dropout: 'In each step three of ten hidden units, drawn at random, say nothing.',
      decay: 'AdamW: after each step every weight shrinks by a ten-thousandth.',
      schedule: 'The learning rate falls evenly, from 0.001 to a fiftieth of that.',
      styles: '3,000 digits that this page writes in many hands’ styles stand beside the 10,000.',
      ensemble: 'Three networks from three seeds; their probabilities are averaged.',
      all: 'Augmentation, styles and the schedule in one network.',
    },
    expect: 'On the unseen test digits it will be…',
    expectations: outcome,
    run: 'Run it',
    again: 'Run it again',
    stop: 'Stop',
    progress: 'Progress of this run',
    under: (name: string, seed: number) => `${name}, seed ${seed}`,
    guessFirst: 'Guess first.',
    unfit: 'These trials need digits, 0 to 9: take MNIST or the page’s own.',
    failed: 'That could not be run: try it again.',
    right: 'As you guessed.',
    wrong: 'You guessed otherwise.',
    sets: { test: 'On the test digits', strangers: 'on strangers’ styles', pen: 'on the drawn ones' },
    verdict: (where: string, is: 'better' | 'same' | 'worse') =>
      `${where[0]!.toUpperCase()}${where.slice(1)}: ${outcome[is]}.`,
    why: {
      augment: 'It has never seen the same picture twice, and cannot learn any by heart.',
      dropout: 'A network of 128 units has few to spare.',
      decay:
        'Small weights make smooth answers, but 8 epochs leave little to smooth, and each step pulls a little of what was learned back.',
      schedule: 'Small last steps settle where large ones jump about.',
      styles: 'What strangers do was among the training digits at last.',
      ensemble: 'Where three err differently, two outvote the third; three times the work.',
      all: 'One network has a good part of each remedy, and not all of any: what helps in different ways need not add up. Compare the rows of the table.',
    },
    errors: 'Errors on the unseen test digits',
    chart: 'Chart of the share of errors over the epochs; the table below has the figures',
    epochs: 'epochs',
    waiting: 'The lines begin with the first epoch.',
  },
  results: {
    heading: 'What came of it',
    empty: 'Each run adds a row, with figures on three kinds of digits.',
    lead: 'Share read right, and between which values it lies with 95\u00a0% confidence.',
    network: 'Network',
    sets: {
      test: (total: string) => `${total} unseen test digits`,
      strangers: (total: string) => `${total} in strangers’ styles`,
      pen: (total: string) => `${total} that two people drew`,
    },
    between: (low: string, high: string) => `${low} to ${high}`,
    difference: (by: string, sign: number, won: string, lost: string) =>
      `${sign < 0 ? '−' : sign > 0 ? '+' : ''}${by}: ${won} won, ${lost} lost`,
    equal: 'the same digits',
    comma: ', ',
    sure: 'sure',
    unsure: 'may be chance',
    seeded: (name: string, seed: number) => `${name}, seed ${seed}`,
    note: 'Differences are those to the network as it is, in points. “Won”: digits that only this network reads right; “lost”: that only the other one does. “Sure”: a coin would do this in fewer than 1 of 20 cases. Another seed would move each figure a little as well, which none of this holds.',
    readings: (name: string) => `The drawn digits, as read by: ${name}`,
    drawn: 'Digits that two people drew',
    tile: (label: number, guess: number) => `${label}, read as ${guess}`,
  },
} satisfies LessonWords & Record<string, unknown>;

export type Words = typeof en;
