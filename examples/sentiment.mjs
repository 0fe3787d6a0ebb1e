// Is a sentence friendly? "not" turns what follows around, so a sentence must be read, not counted: an LSTM in both
// directions reads words as vectors that it learns. Shorter sentences end with a word that is masked.
import { init, layers, sequential, tensor2d, train } from 'mapling';

await init();
const good = ['good', 'great', 'lovely', 'brilliant', 'funny'];
const bad = ['bad', 'awful', 'boring', 'dreadful', 'clumsy'];
const things = ['film', 'play', 'book', 'song', 'story'];
const words = ['', 'the', 'was', 'not', 'really', 'and', ...good, ...bad, ...things];

// A small generator with a seed, so that everybody sees the same sentences.
let state = 7;
const below = (count) => {
  state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
  return Math.floor((state / 2 ** 32) * count);
};
const pick = (list) => list[below(list.length)];
function sentence() {
  const isGood = below(2) === 1;
  const isTurned = below(2) === 1;
  const word = pick(isGood === isTurned ? bad : good);
  const really = below(2) === 1 ? ['really'] : [];
  return { text: ['the', pick(things), 'was', ...(isTurned ? ['not'] : []), ...really, word], isGood };
}
const length = 7;
const asNumbers = (text) => Array.from({ length }, (_, at) => words.indexOf(text[at] ?? ''));
const sentences = Array.from({ length: 500 }, sentence);
const x = tensor2d(sentences.map(({ text }) => asNumbers(text)));
const y = tensor2d(sentences.map(({ isGood }) => [Number(isGood)]));

const model = sequential({ seed: 1 });
model.add(layers.embedding({ inputDim: words.length, outputDim: 8, maskZero: true, inputLength: length }));
model.add(layers.bidirectional({ layer: layers.lstm({ units: 8 }) }));
model.add(layers.dense({ units: 1, activation: 'sigmoid' }));
model.compile({ optimizer: train.adam(0.02), loss: 'binaryCrossentropy', metrics: ['accuracy'] });
const { history } = await model.fit(x, y, { epochs: 12, validationSplit: 0.2 });
console.log(
  `accuracy on 100 sentences that it has not seen: ${history.val_accuracy?.at(-1) ?? history.val_acc.at(-1)}`,
);

for (const text of ['the play was good', 'the play was not good', 'the book was not really awful']) {
  const [friendly] = model.predict(tensor2d([asNumbers(text.split(' '))])).dataSync();
  console.log(`${friendly > 0.5 ? 'friendly  ' : 'unfriendly'}  ${text}`);
}
