import { count } from '../../format';
import { a } from '../../words/en';

const seconds = (milliseconds: number): string => (Math.max(50, milliseconds) / 1000).toFixed(1);

/** The words of what is the visitor's own. */
export const en = {
  heading: 'Yours',
  teach: {
    which: 'It was a…',
    other: 'something else…',
    learning: (name: string, likes: string) =>
      `Learning ${a(name)}: ${likes}\u00a0% of drawings like it are read right…`,
    learned: (name: string, milliseconds: number) => `Learned ${a(name)} in ${seconds(milliseconds)} s.`,
    notYet: (name: string) => `Not quite: it does not yet read ${a(name)}. Teach it once more.`,
    likes: (before: string, now: string) =>
      `Drawings like yours, read right: ${before}\u00a0% before, ${now}\u00a0% now.`,
    accuracy: (before: string | null, now: string) =>
      before === null
        ? `Test accuracy: ${now}\u00a0%.`
        : `Test accuracy: ${before}\u00a0% before, ${now}\u00a0% now.`,
    failed: (detail: string) => `That could not be taught. Nothing has changed. (${detail})`,
    name: 'A new class. Its name:',
    example: 'heart',
    collect: (name: string, few: number, enough: number) =>
      `Draw ${name ? `“${name}”` : 'what it is'} at least ${few} times, or better ${enough}, each a little differently, and add each drawing.`,
    drawings: (now: number, enough: number) => `${now} of ${enough} drawings`,
    add: (number: number) => `Add drawing ${number}`,
    more: (number: number) => `Teach it: ${number} more first`,
    teachIt: 'Teach it',
    cancel: 'Cancel',
  },
  gallery: {
    heading: 'Your digits',
    none: 'Draw a digit and say whether it was read right: it is kept here, on this device only, with its own score.',
    score: (right: number, total: number) =>
      `${count(right)} of ${count(total)} ${total === 1 ? 'was read right when you drew it' : 'were read right when you drew them'}.`,
    kept: 'They stay in this browser; the test accuracy does not count them.',
    read: (label: string) => `${label}, read right`,
    misread: (label: string, guess: string) => `${label}, read as ${guess}`,
    remove: (label: string) => `Remove this ${label}`,
    mine: 'Train on mine too, from the next run on',
    idx: 'Save as IDX',
    json: 'Save as JSON',
    forget: 'Forget all',
    refused: 'This browser keeps nothing, or has no room left: your digits last until the tab is closed.',
  },
  photo: {
    heading: 'A digit on paper',
    lead: 'Write one digit, large, with a pen that is darker than the paper. It is cut out, made light on dark and laid on the pad as the network sees it.',
    camera: 'Take a photo',
    file: 'Choose a picture',
    picture:
      'This is no picture that the browser can open. A photo (JPEG, PNG, WebP) of one digit is expected.',
    ink: 'Nothing stands out from the paper in this picture. Take it nearer, with more light, and one digit on it.',
  },
  models: {
    heading: 'Take the network along',
    lead: 'The file holds what it has learned so far. Other programs read it; this page takes it back.',
    formats: {
      keras: 'Keras (.keras)',
      tensorflow: 'TensorFlow.js (2 files)',
      safetensors: 'Weights (.safetensors)',
      checkpoint: 'Checkpoint',
    },
    tips: {
      keras: 'For keras.saving.load_model, with the optimizer’s memory',
      tensorflow: 'For tf.loadLayersModel: model.json and its weights',
      safetensors: 'The weights alone, by Keras’ names',
      checkpoint: 'Everything: mapling goes on from here to the same bits',
    },
    bring: 'Bring a network back',
    taken: (name: string, params: string) =>
      `${name} is the page’s network now, with its ${params} weights. Draw something.`,
    takes: (name: string, shape: string) =>
      `${name} takes ${shape || 'several inputs'}; a network that reads this page’s digits takes 28 × 28 values.`,
    gives: (name: string, shape: string, expected: number) =>
      `${name} gives ${shape || 'several answers'}; a network that reads these digits gives ${expected} probabilities.`,
    unreadable: (name: string) =>
      `${name} holds no network that this page can run. A .keras file, model.json with its weights, .safetensors of the present network, or a checkpoint is expected.`,
    lacks: (name: string, part: string) =>
      `${name} needs ${part || 'parts of mapling'}, which this page does not have.`,
    failed: 'That did not work.',
    stays: 'Everything is as it was.',
  },
  code: {
    heading: 'This network as code',
    comments: {} as Record<string, string>,
    copy: 'Copy',
    copied: 'Copied',
    mapling: 'In a page, in Node, Deno or Bun: the same seed gives the same bits as here.',
    keras:
      'Keras 3, on TensorFlow, JAX or PyTorch. Its seed draws other numbers, so the curves differ a little.',
    tensorflow:
      'In a page. TensorFlow.js has no seed for the order of the digits: each run differs a little.',
  },
};

export type YoursWords = typeof en;
