import { type Config, GROWN, type Program } from './program';

function value(of: unknown): string {
  if (typeof of === 'string') return JSON.stringify(of);
  if (of === true) return 'True';
  if (of === false) return 'False';
  if (of === null) return 'None';
  if (Array.isArray(of)) return `(${of.map(value).join(', ')}${of.length === 1 ? ',' : ''})`;
  if (typeof of === 'object')
    return `{${Object.entries(of)
      .map(([key, one]) => `"${key}": ${value(one)}`)
      .join(', ')}}`;
  return String(of);
}

const settings = (config: Config): string =>
  Object.entries(config)
    .map(([key, one]) => `${key}=${value(one)}`)
    .join(', ');

/** How training digits vary: layers that do nothing but in training. */
function varied({ augment }: Program): string[] {
  if (!augment) return [];
  const { rotation, zoom, shear, shift } = augment;
  const still = 'fill_mode="constant"';
  return [
    ...(rotation ? [`layers.RandomRotation(${rotation}, ${still})`] : []),
    ...(zoom ? [`layers.RandomZoom(${zoom}, ${zoom}, ${still})`] : []),
    ...(shear ? [`layers.RandomShear(x_factor=${shear}, ${still})`] : []),
    ...(shift ? [`layers.RandomTranslation(${shift}, ${shift}, ${still})`] : []),
  ];
}

const DATA: Record<Program['data'], string> = {
  mnist: '',
  styles: '# The page trains on digits in many hands’ styles besides.\n',
  generated: '# The page trains on digits that it drew itself; here it is MNIST.\n',
  file: '# The page trains on your own files; here it is MNIST.\n',
};

/** The program in Keras 3. */
export function keras(program: Program): string {
  const { layers, inputShape, optimizer, learningRate, batchSize, epochs, seed, finalRate, data, isGrown } =
    program;
  const lines = [
    `keras.Input(shape=${value(inputShape)})`,
    ...varied(program),
    ...layers.map(({ className, config }) => `layers.${className}(${settings(config)})`),
  ];
  const rate = finalRate === 1 ? String(learningRate) : 'rate';
  const name = optimizer === 'adam' ? 'Adam' : 'SGD';
  const momentum = optimizer === 'momentum' ? ', momentum=0.9' : '';
  const schedule =
    finalRate === 1
      ? ''
      : `steps = ${epochs} * -(-len(x_train) // ${batchSize})
rate = keras.optimizers.schedules.PolynomialDecay(${learningRate}, steps, end_learning_rate=${learningRate} * ${finalRate})
`;
  return `import keras
from keras import layers

keras.utils.set_random_seed(${seed})
${DATA[data]}${isGrown ? `# ${GROWN}\n` : ''}(x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()
x_train, x_test = x_train[..., None] / 255.0, x_test[..., None] / 255.0

model = keras.Sequential([
${lines.map((line) => `    ${line},\n`).join('')}])

${schedule}model.compile(
    optimizer=keras.optimizers.${name}(learning_rate=${rate}${momentum}),
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)
model.fit(x_train, y_train, epochs=${epochs}, batch_size=${batchSize})
loss, accuracy = model.evaluate(x_test, y_test)
print(accuracy)
`;
}
