// A model that writes: each character is guessed from those before it, by attention that looks back only. Where a
// character stands is a vector that a layer of our own adds.
import { init, initializers, input, layers, model, oneHot, serialization, tensor2d, train } from 'mapling';

const text = 'she sells sea shells on the sea shore; the shells she sells are sea shells for sure. '.repeat(
  8,
);
const alphabet = [...new Set(text)].sort();
const length = 24;

/** Adds a learned vector to each place of a sequence. */
class Places extends layers.Layer {
  static className = 'Places';
  build([, steps, width]) {
    this.vectors = this.addWeight(
      'vectors',
      [steps, width],
      'float32',
      initializers.randomNormal({ stddev: 0.05 }),
    );
  }
  call(x) {
    return x.add(this.vectors.read());
  }
}

await init();
serialization.registerClass(Places);
const characters = input({ shape: [length] });
const placed = new Places().apply(
  layers.embedding({ inputDim: alphabet.length, outputDim: 32 }).apply(characters),
);
const attention = layers.multiHeadAttention({ numHeads: 2, keyDim: 16 });
const seen = layers.add().apply([placed, attention.apply([placed, placed], { useCausalMask: true })]);
const calm = layers.layerNormalization().apply(seen);
const thought = layers
  .dense({ units: 32 })
  .apply(layers.dense({ units: 64, activation: 'gelu' }).apply(calm));
const odds = layers
  .dense({ units: alphabet.length, activation: 'softmax' })
  .apply(layers.add().apply([calm, thought]));
const writer = model({ inputs: characters, outputs: odds, seed: 1 });
writer.compile({ optimizer: train.adam(0.01), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });

const numbers = [...text].map((character) => alphabet.indexOf(character));
const windows = Array.from({ length: 256 }, (_, at) => numbers.slice(2 * at, 2 * at + length + 1));
const x = tensor2d(windows.map((window) => window.slice(0, -1)));
const y = oneHot(
  tensor2d(
    windows.map((window) => window.slice(1)),
    undefined,
    'int32',
  ),
  alphabet.length,
);
const { history } = await writer.fit(x, y, { epochs: 16, batchSize: 32 });
console.log(`loss ${history.loss[0].toFixed(2)} → ${history.loss.at(-1).toFixed(2)}`);

let written = 'she sells sea shells on ';
while (written.length < 72) {
  const last = [...written.slice(-length)].map((character) => alphabet.indexOf(character));
  const guess = writer
    .predict(tensor2d([last]))
    .argMax(-1)
    .dataSync();
  written += alphabet[guess.at(-1)];
}
console.log(written);
