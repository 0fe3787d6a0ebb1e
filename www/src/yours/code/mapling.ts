import { GROWN, type Program } from './program';
import { added, optimizer, value } from './scripts';

const DATA: Record<Program['data'], string> = {
  mnist: `// MNIST's four files, packed, lie in this folder.
const { train: digits, test } = await datasets.mnist({ url: './mnist' });`,
  styles: `// MNIST's four files, packed, lie in this folder; digits in many hands' styles stand beside them.
const { train: digits, test } = await datasets.mnist({ url: './mnist', styles: 20_000 });`,
  generated: `const { train: digits, test } = await datasets.digits({ seed: 1 });`,
  file: `// Your files: \`files\` are those of <input type="file" multiple>.
const { train: digits, test } = await datasets.files(files);`,
};

/** The program in mapling: to the same bits as the page. */
export function mapling(program: Program): string {
  const { batchSize, epochs, seed, augment, finalRate, data, isGrown } = program;
  const more = [
    ...(augment ? [`  augment: ${value(augment)},`] : []),
    ...(finalRate === 1 ? [] : [`  finalRate: ${finalRate},`]),
  ];
  return `import { datasets, init, layers, sequential, train } from 'mapling';

await init();
${isGrown ? `// ${GROWN}\n` : ''}${DATA[data]}

const model = sequential({ seed: ${seed} });
${added(program, 'layers')}

model.compile({
  optimizer: ${optimizer(program, 'train')},
  loss: 'sparseCategoricalCrossentropy',
  metrics: ['accuracy'],
});
await model.fit(digits.images, digits.labels, {
  epochs: ${epochs},
  batchSize: ${batchSize},
${more.map((line) => `${line}\n`).join('')}  callbacks: { onEpochEnd: (epoch, logs) => console.log(epoch, logs) },
});
const [loss, accuracy] = model.evaluate(test.images, test.labels);
console.log((await accuracy.data())[0]);
`;
}
