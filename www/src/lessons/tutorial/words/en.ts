import type { LessonWords } from '../../lesson';

export const en = {
  title: 'The tutorial: a few lines that read digits',
  comments: {} as Record<string, string>,
  text: [
    'This is Keras’ first tutorial, and the network of the main screen. An image of 28 × 28 pixels becomes 784 numbers in a row; a layer of 128 units looks at all of them; a layer of ten gives a probability to each digit. It is one long mapping, from pixels to a guess.',
    'compile says how to learn: the loss says how surprised the network is by the right answer, the optimizer turns each gradient into a step. fit then takes 32 digits at a time (a batch): forward, loss, backward, update. When all digits have been seen once, an epoch has gone by: MNIST’s 60,000 take 60,000 ÷ 32 = 1,875 steps, with this page’s 20,000 in other styles 2,500.',
    'evaluate asks about digits that it never trained on. Only this number says something about your handwriting: a network can learn its own digits by heart, and then the two curves part. predict answers for one drawing.',
    'Here each line lights up while it is at work, in the network that trains in this tab right now. Press a line, and it happens. Below it, networks race each other from the same seed: same first weights, same order of digits, one difference.',
  ],
  question: {
    ask: 'Trained on 500 digits only, for 100 epochs: what does the loss on unseen digits do?',
    guesses: ['It falls to 0 like the training loss', 'It falls, then rises again', 'It never falls'],
    right: 1,
    why: 'At first what it learns holds for all digits. Later it learns the 500 by heart, and grows ever more certain of its mistakes elsewhere: its accuracy hardly falls, but the loss, which counts certainty, rises.',
  },
  tries: [
    'Press model.compile in the middle of training, then model.fit: the weights stay, only the optimizer’s memory is gone. Does the loss jump?',
    'Race the batch sizes. 8 takes 32 times as many steps as 256 on the same digits: who is ahead per digit, and who is faster per second?',
    'Train on 100 digits, then on 5,000. Where do the two curves part?',
  ] as [string, string, string],
  program: {
    heading: 'The program, at work',
    lead: 'A lit line is at work now. Press one, and it happens.',
    notYet: '–',
    loading: (done: string, total: string) => `${done} of ${total} MB`,
    load: (train: string, test: string) => `${train} digits to learn from, ${test} to be tested on`,
    model: (params: string) => `${params} numbers to learn, drawn from the seed`,
    /** Beside these lines, the learning rate to which that falls, and whether pictures are varied. */
    compile: (last: string | null, isVaried: boolean) =>
      `Ready to learn${last === null ? '' : `; the rate falls, to ${last} at the last step`}${isVaried ? '; each picture is varied a little' : ''}`,
    fit: (epoch: number, epochs: number, batch: string, batches: string, loss: string, accuracy: string) =>
      `Epoch ${epoch} of ${epochs} · batch ${batch} of ${batches} · loss ${loss} · accuracy ${accuracy} %`,
    evaluate: (loss: string, accuracy: string, wrong?: string, total?: string) =>
      `Loss ${loss} · accuracy ${accuracy} %${wrong ? ` · ${wrong} of ${total} wrong` : ''}`,
    digit: (name: string, sure: string) => `${name}, with ${sure}\u00a0%`,
    predict: (digits: string[]) => `The pad: ${digits.join('; ')}`,
    predictNone: 'The pad: no digit that it knows',
    press: {
      load: 'Fetch the digits again; the network begins anew',
      model: 'A fresh network from the same seed',
      compile: 'The optimizer forgets; the weights stay',
      fit: 'Train',
      evaluate: 'Test on the digits it never trains on',
      predict: 'Read what is on the pad, or a test digit',
    },
  },
  races: {
    heading: 'Side by side',
    lead: (digits: string) =>
      `Three networks in a worker of their own take turns: ${digits} digits, the same seed, one difference. Yours trains on meanwhile.`,
    choose: 'What differs',
    names: { optimizer: 'Optimizer', batch: 'Batch size', epochs: 'Epochs' },
    about: {
      optimizer:
        'Adam (rate 0.001) gives each weight a step of its own size; SGD (0.01) goes straight down the gradient; with momentum 0.9 it keeps rolling.',
      batch: 'Adam, 2 epochs each. A small batch takes many uncertain steps, a large one few sure ones.',
      epochs:
        'Adam, 32 at a time. The same run, ended sooner or later: the shorter lie on the longer, to the bit.',
    },
    start: { race: 'Start the race', few: 'Train on these' },
    again: 'Once more',
    stop: 'Stop',
    failed: 'That could not be run: try it again.',
    waiting: 'The curves begin with the first test.',
    testLoss: (digits: string) => `Loss on ${digits} unseen digits`,
    chart: (names: string) =>
      `Chart of the test loss over the digits seen, for ${names}; the table below has the numbers`,
    seen: 'digits',
    lossNow: 'Test loss',
    accuracyNow: 'Test accuracy',
    speed: 'Digits a second',
    fewHeading: 'Learnt by heart',
    fewLead: 'The same network with far too few digits, shown again and again.',
    fewChoose: 'How many digits to learn from',
    digits: (number: string) => `${number} digits`,
    loss: 'Loss',
    train: 'training',
    test: 'test',
    epoch: 'epochs',
    fewChart:
      'Chart of the loss over the epochs, on training digits and on unseen ones; the line below has the numbers',
    fewFinding: (train: string, test: string, least: string, epoch: string) =>
      `Training loss ${train}, test loss ${test}. It was best after ${epoch} ${epoch === '1' ? 'epoch' : 'epochs'}: ${least}. From there on it learnt by heart.`,
  },
} satisfies LessonWords & Record<string, unknown>;

export type Words = typeof en;
