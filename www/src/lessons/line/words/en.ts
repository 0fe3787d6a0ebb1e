import type { LessonWords } from '../../lesson';

export const en = {
  title: 'A line',
  comments: {} as Record<string, string>,
  text: [
    'Everything that follows is a mapping: something goes in, something comes out. The smallest one is a line, ŷ = w·x + b. Here x is the area of a house and ŷ the price that the line says. Two numbers decide what it says: w, the price of more area, and b, the price it starts from. They are its weights.',
    'To learn is to find good weights. First the line says its prices: that is the step forward. Then one number tells how wrong they are: the loss, here the mean of the squared misses. The orange strokes are those misses.',
    'The loss depends on w and b, so it is a landscape over them: a bowl, with the best line at its bottom. You do not see the bottom from where you stand, but you can feel the slope under your feet. That is the gradient: how much the loss would grow if w, or b, grew a little.',
    'So take a step downhill: subtract from each weight its gradient times the learning rate η. Then look again. Forward, loss, gradient, update: networks with millions of weights learn by these four words, and by nothing else.',
  ],
  question: {
    ask: 'The learning rate says how far one step goes. It stands at 0.1. What happens at 1?',
    guesses: [
      'It arrives ten times as fast',
      'It arrives, but less exactly',
      'It never arrives: the loss grows without end',
    ],
    right: 2,
    why: 'Where the bowl is steep a step that long lands on the other side, higher than before, where it is steeper still. The next step is longer, and so on. For this bowl that begins at about 0.5.',
  },
  tries: [
    'Press Forward, then Loss, Gradient and Update, which the same key becomes. Check one of the sums by hand, then press Play.',
    'Drag one house far away from the others: the line runs after it, since a miss twice as large counts four times. Watch the bowl move too.',
    'Raise the learning rate while it runs. Find the largest that still arrives, then go a little further. Put the line somewhere else in the bowl and look which way it takes: fast across the valley, slow along it.',
  ],
  lab: {
    scatter: 'Houses and the line',
    drag: 'Drag a house',
    scatterLabel: 'Houses by area and price, and the line. Arrow keys move a house.',
    area: 'area in 100 m²',
    price: 'price in 100,000 €',
    house: (at: number) => `House ${at}`,
    houseValue: (area: string, price: string, said: string) =>
      `area ${area}, price ${price}; the line says ${said}`,
    bowl: 'The loss of every line',
    choose: 'Choose a line here',
    bowlLabel: 'The loss over w and b, a bowl. Arrow keys move the line: left and right w, up and down b.',
    bowlValue: (w: string, b: string, loss: string) => `w ${w}, b ${b}: loss ${loss}`,
    w: 'w',
    slope: 'Slope w',
    offset: 'Offset b',
    loss: 'Loss',
    steps: 'Steps',
    reckoning: 'The step, in numbers',
    forHouse: 'For',
    phases: { forward: 'Forward', loss: 'Loss', gradient: 'Gradient', update: 'Update' },
    notYet: 'comes as you press on',
    meanOf: (count: number) => `mean of ${count}:`,
    resetHouses: 'Houses as they were',
    flown: (rate: string) =>
      `It flew off. At a learning rate of ${rate} each step lands higher up the other side of the bowl, and so the next is longer still. Nothing is broken: that is what too large looks like.`,
    recover: 'Back to the start, with 0.1',
  },
} satisfies LessonWords & { lab: unknown };

export type Words = typeof en;
