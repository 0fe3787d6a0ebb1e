/**
 * A class more. The last layer gets another unit beside those that it has, which keep their weights, and a lesson about the
 * drawings of the new class follows, with training pictures among them.
 */
import { describe, fault } from '../../engine/errors.js';
import type { LayersModel } from '../../nn/model.js';
import { type ModelSource, readSource } from '../../nn/source.js';
import { setAll } from '../../nn/weights.js';
import { Tensor } from '../../tensor/handle.js';
import type { ModelInfo, SavedModel, Taught } from '../protocol.js';
import type { Original } from './likes.js';
import { type Lesson, type Room, study } from './teach.js';

interface LayerJson {
  class_name: string;
  config: Record<string, unknown>;
}

const where = 'digits.addClass';

/** How long a lesson about a new class is, and how fast. */
const LESSON = {
  ...{ looked: 2000, kept: 1500, labels: 0.5, steps: 160, likes: 12, rehearsed: 52 },
  ...{ learningRate: 0.1, settle: 24, rests: false, goesBack: false },
};

/** The architecture with a unit more in its last layer. */
function widened(json: string): object {
  const written = JSON.parse(json) as { class_name: string; config: { layers?: LayerJson[] } };
  const { layers } = written.config;
  // What follows the last layer with weights must not care how many values it is given.
  const at =
    layers?.findLastIndex(({ class_name }) => !/^(Activation|Softmax|Dropout)$/.test(class_name)) ?? -1;
  const last = layers?.[at];
  if (written.class_name !== 'Sequential' || last?.class_name !== 'Dense')
    throw fault(
      'value',
      `${where}: expected a row of layers that ends with Dense, got ${describe(last?.class_name ?? written.class_name)}`,
    );
  const wider = { ...last, config: { ...last.config, units: Number(last.config.units) + 1 } };
  return { ...written, config: { ...written.config, layers: layers!.with(at, wider) } };
}

/** The values of a weight in the wider model: a column more, where its last axis grew by one. */
function spread(
  name: string,
  from: Float32Array,
  to: Float32Array,
  isWider: boolean,
  columns: number,
): Float32Array {
  if (!isWider) return from;
  if (name.endsWith('bias')) {
    // Nothing is taken for the new class before it has been taught.
    const least = from.reduce((low, value) => Math.min(low, value), 0);
    return Float32Array.of(...from, least - 1);
  }
  return to.map((value, place) => {
    const [row, column] = [Math.floor(place / (columns + 1)), place % (columns + 1)];
    return column < columns ? from[row * columns + column]! : value;
  });
}

/** The model with a class more, as it is before it has been taught. */
function grown(model: LayersModel, saved: SavedModel, seed: number): SavedModel {
  const { json, inputShape } = saved;
  const wider = readSource(where, { json: widened(json), seed, ...(inputShape ? { inputShape } : {}) });
  try {
    const values = wider.weights.map((weight, at) => {
      const before = model.weights[at]!;
      const [from, to] = [before.snapshot(), weight.snapshot()].map((one) => one.dataSync() as Float32Array);
      const isWider = `${before.shape}` !== `${weight.shape}`;
      return new Tensor(
        spread(weight.name, from!, to!, isWider, before.shape.at(-1)!),
        weight.shape,
        'float32',
      );
    });
    setAll(where, wider.weights, values);
    return wider.saved_(where) as SavedModel;
  } finally {
    wider.dispose();
  }
}

/** See `digits.addClass`. */
export async function addClass(
  { session, model, train, isWanted }: Room,
  originals: Original[],
  seed: number | undefined,
  onStep: Lesson['onStep'],
): Promise<{ taught: Taught; network: ModelInfo; label: number }> {
  session.checkIdle(where);
  const saved = session.save();
  const { compile, step } = saved;
  const label = model.ends_().outputDims?.[0]?.at(-1) ?? 0;
  const own = seed ?? model.seed;
  const start: ModelSource = {
    ...grown(model, saved, own),
    ...(saved.inputShape ? { inputShape: saved.inputShape } : {}),
  };
  const lesson = { where, originals, label, train, seed: own, onStep, isWanted, ...LESSON };
  const { taught, pupil } = await study(start, lesson);
  try {
    if (session.need(where) !== model) throw fault('state', `${where}: the model was replaced meanwhile`);
    const { json, weights } = pupil.saved_(where);
    const source = { json, weights, seed: model.seed, ...(compile ? { compile } : {}) };
    const network = session.setModel({ ...source, ...(step === undefined ? {} : { step }) });
    return { taught, network, label };
  } finally {
    pupil.dispose();
  }
}
