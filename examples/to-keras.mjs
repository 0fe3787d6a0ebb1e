// On to Keras: a model that was trained here for a while goes on there, on any machine, with what its optimizer remembers.
// In Python then: `keras.saving.load_model('model.keras').fit(...)`.
import { writeFile } from 'node:fs/promises';
import { init, io, layers, randomUniform, sequential, train } from 'mapling';

await init();
const x = randomUniform([256, 4], -1, 1, 'float32', 1);
const y = x.square().sum(1, true);

const model = sequential({ seed: 1 });
model.add(layers.dense({ units: 16, activation: 'relu', inputShape: [4] }));
model.add(layers.dense({ units: 1 }));
model.compile({ optimizer: train.adam(0.01), loss: 'meanSquaredError' });
const { history } = await model.fit(x, y, { epochs: 5 });

const bytes = await io.toKeras(model);
await writeFile('model.keras', bytes);
console.log(`loss ${history.loss.at(-1).toFixed(4)}; model.keras holds ${bytes.length} bytes`);
