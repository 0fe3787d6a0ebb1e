import { count, hundredths, percent } from '../../../format';
import { a } from '../../../words/en';
import type { LessonWords } from '../../lesson';

export const en = {
  title: 'Sequences',
  comments: {} as Record<string, string>,
  text: [
    'A dense layer sees a whole picture at once. But speech, text and music come one piece after another, and a sentence has no fixed length. So you need a mapping that you can apply again and again, and that remembers.',
    'A recurrent network does just that. At each step it takes two things, the new piece x and its own state h, and makes the next state: h ← tanh(W·x + U·h + b). The same W, U and b serve every step. After any piece, a dense layer can read an answer off the state.',
    'Repeated so often, an old memory fades. The LSTM therefore keeps a second state, the memory c, and three gates, numbers between 0 and 1 that are learned like everything else: the input gate says how much to write, the forget gate how much to keep, the output gate how much to show: c ← f·c + i·g, h ← o·tanh(c).',
    'Here you let one read your digit row by row, from the top, as if it were a text of 28 words, and say after each what it takes it for. Then another learns from a few hundred sentences whether somebody liked something. The order of the words is all that separates “bad, not good” from “good, not bad”.',
  ],
  question: {
    ask: 'The network reads your digit from the top, a row at a time. When do you think it is right nine times in ten?',
    guesses: ['After the first row with ink', 'A little after half of the rows', 'Only after the last row'],
    right: 1,
    why: 'Digits begin alike: 3, 8 and 9 all with an arc. Its belief is spread over several, and it may change its mind. After about 16 rows it is right in nine of ten, and the last ten rows add little: move the row and read the share below the lines.',
  },
  tries: [
    'Draw a 3, and look where the lines cross: what else did it believe at first? Then draw a 7 and a 9: which row tells them apart?',
    'Read on below the digit, where there is no ink: the forget gates stay open, so that the memory lasts until the end.',
    'Type “good not bad”, then “bad not good”. Train the network without order: now both sentences are the same to it.',
  ] as [string, string, string],
  lab: {
    reader: {
      heading: 'A digit, read row by row',
      train: 'Train it',
      again: 'Train a new one',
      pause: 'Pause',
      resume: 'Go on',
      waiting: 'Waiting for digits to learn from…',
      phases: {
        idle: 'Not trained yet',
        starting: 'Starting…',
        training: 'Training',
        paused: 'Paused',
        done: 'Trained',
        failed: 'It could not be trained. Try again.',
      },
      epoch: (done: string, all: number) => `epoch ${done} of ${all}`,
      accuracy: (share: number, of: number) =>
        `${hundredths(share, 1)} % of ${count(of)} unseen digits right`,
      untested: 'not yet tested',
      picture: (rows: number) => `The digit, of which the network has read ${rows} of 28 rows`,
      rows: (rows: number) => `Rows read: ${rows}`,
      rowsSaid: (rows: number, digit: number, share: number) =>
        `${rows} of 28 rows, ${a(digit)} with ${percent(share)} percent`,
      play: 'Read it',
      belief: 'What it believes after each row',
      beliefLabel: (told: string) => `The belief in each digit after each of 28 rows. ${told}`,
      leads: (digit: number, from: number) => `From row ${from} on ${digit} leads.`,
      now: (row: number) => `After row ${row}`,
      rightHere: (share: number) => `. Of the unseen digits ${hundredths(share, 0)} % are read right by now.`,
      bars: 'Belief in each digit after this row',
      top: 'row 1',
      bottom: 'row 28',
      gates: 'What its gates do',
      gatesLead: (units: number) =>
        `One line for each of ${units} units, one column for each row of the digit: the stronger the colour, the more a gate is open.`,
      names: {
        input: 'Input gate: writes',
        forget: 'Forget gate: keeps',
        output: 'Output gate: shows',
        memory: 'Memory c',
      },
      open: (share: number) => `${hundredths(share, 0)} % open now`,
      holds: (value: string) => `mean size ${value} now`,
      strip: (name: string) => `${name}, by unit and row`,
      unit: 'Unit',
      unitLines: (unit: number) => `The gates of unit ${unit} over the rows`,
      short: { input: 'writes', forget: 'keeps', output: 'shows' },
      unitNow: (input: string, forget: string, output: string, memory: string) =>
        `writes ${input} · keeps ${forget} · shows ${output} · memory ${memory}`,
    },
    opinions: {
      heading: 'Sentences, liked or not',
      lead: (train: number, heldOut: number) =>
        `It learns from ${count(train)} short sentences that were written for this page, and is tested on ${count(heldOut)} others. It knows nothing else.`,
      kinds: { order: 'In their order (LSTM)', bag: 'Without order (average)' },
      kindsLabel: 'How it reads the words',
      train: 'Train it',
      again: 'Train a new one',
      phases: {
        idle: 'Not trained yet',
        starting: 'Starting…',
        training: 'Training',
        done: 'Trained',
        failed: 'It could not be trained. Try again.',
      },
      epoch: (done: number, all: number) => `epoch ${done} of ${all}`,
      accuracy: (right: number, of: number) =>
        `${right} of ${of} held-out sentences right (${hundredths(right / of, 0)} %)`,
      losses: 'Loss after each epoch',
      lossesLabel: (train: string, heldOut: string) =>
        `Loss after each epoch: now ${train} on the sentences to learn from, ${heldOut} on those held out`,
      trainLine: 'learned',
      heldOutLine: 'held out',
      first: 'epoch 1',
      last: (epoch: number) => `${epoch}`,
      type: 'Type a sentence',
      another: 'A held-out sentence',
      truth: (liked: boolean): string => (liked ? 'The writer liked it.' : 'The writer did not like it.'),
      verdict: (liked: number) =>
        liked >= 0.5 ? `Liked: ${percent(liked)} %` : `Not liked: ${percent(1 - liked)} %`,
      untrained: 'Train it, and it says what it thinks of your sentence.',
      parts: 'Each word’s part',
      partsLead:
        'How many points “liked” loses when the word is left out. It does not show what two words do only together.',
      unknown: 'never seen',
      wrong: (count: number) => `What it gets wrong (${count})`,
      wrongAs: (liked: boolean): string => (liked ? 'taken for not liked' : 'taken for liked'),
    },
  },
} satisfies LessonWords & { lab: object };

export type Words = typeof en;
