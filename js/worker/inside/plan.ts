/** What a row of layers would be, found without making its weights. Loaded when somebody asks. */
import { describe, fault, textOf } from '../../engine/errors.js';
import { call } from '../../engine/instance.js';
import { isArray } from '../../engine/look.js';
import { fromJSON } from '../../nn/read.js';
import { reserve } from '../../train/samples.js';
import type { ModelSource, Plan, PlannedLayer } from '../protocol.js';

/** Bytes for a weight, its gradient and what Adam remembers of it. */
const PER_PARAM = 16;
/** Bytes for a value between layers in training: itself, its gradient and what ops remember, of a usual batch. */
const PER_VALUE = 24 * 32;

interface Written {
  class_name: string;
  config?: Record<string, unknown>;
}

const sizeOf = (shape: readonly (number | null)[]): number =>
  shape.reduce<number>((size, length) => size * (length ?? 1), 1);

/** Products of a layer for a sample: of dense layers and convolutions, where each weight is used at each place. */
function productsOf(
  { class_name, config = {} }: Written,
  shape: PlannedLayer['outputShape'],
  params: number,
): number {
  if (!/^Dense$|Conv[123]D$/.test(class_name)) return 0;
  const units = shape.at(-1) ?? 1;
  const hasBias = (config.use_bias ?? config.useBias) !== false;
  return (params - (hasBias ? units : 0)) * (sizeOf(shape) / units);
}

/** One layer by itself, for samples of this shape. */
function planned(written: Written, input: readonly (number | null)[]): PlannedLayer {
  const layers = [{ class_name: 'InputLayer', config: { batch_shape: [null, ...input] } }, written];
  const model = fromJSON('plan', { class_name: 'Sequential', config: { layers } }, 0);
  try {
    const core = model.core_('plan');
    const params = call(() => core.missingParams(), 'plan');
    const [outputShape = []] = JSON.parse(call(() => core.outputDims())) as (number | null)[][];
    const multiplyAdds = productsOf(written, outputShape, params);
    return { className: written.class_name, outputShape, params, multiplyAdds };
  } finally {
    model.dispose();
  }
}

/** The layers of a model, one after the other, up to the first that cannot be. */
export function plan({ json, inputShape }: ModelSource): Plan {
  const written = (typeof json === 'string' ? JSON.parse(json) : json) as { config?: { layers?: Written[] } };
  const rows = written?.config?.layers;
  if (!isArray(rows))
    throw fault('type', `plan: expected \`json\` of a row of layers, got ${describe(json)}`);
  if (!isArray(inputShape))
    throw fault(
      'type',
      `plan: expected the shape of a sample as \`inputShape\`, got ${describe(inputShape)}`,
    );
  const found: Plan = { layers: [], params: 0, multiplyAdds: 0 };
  let shape = inputShape as readonly (number | null)[];
  let values = sizeOf(shape);
  for (const [layer, row] of rows.entries()) {
    try {
      const next = planned(row as Written, shape);
      values += sizeOf(next.outputShape);
      reserve('plan', PER_PARAM * (found.params + next.params) + PER_VALUE * values);
      found.layers.push(next);
      found.params += next.params;
      found.multiplyAdds += next.multiplyAdds;
      shape = next.outputShape;
    } catch (failure) {
      found.refused = { layer, message: textOf(failure), code: (failure as { code?: string }).code };
      break;
    }
  }
  return found;
}
