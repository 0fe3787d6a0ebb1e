import { type OptimizerName, optimizers } from '../presets';
import { settings } from '../state/session';
import { inForce, ranges, type Settings } from '../state/settings';
import { presentStep } from '../state/timeline';
import { change } from '../state/training';
import { timeWords } from './words';

/** A number without the noise of its last bits. */
const plain = (value: number): number => Number(value.toPrecision(6));

/** What one may go on with from an earlier step, in place of the settings of then. */
function choices({
  learningRate,
  optimizer,
  batchSize,
}: Settings): [part: Partial<Settings>, text: string][] {
  const text = timeWords.value;
  const { min, max } = ranges.learningRate;
  const rates = [learningRate * 10, learningRate / 10]
    .map(plain)
    .filter((rate) => rate >= min && rate <= max)
    .map((rate): [Partial<Settings>, string] => [{ learningRate: rate }, text.rate(String(rate))]);
  const others = (Object.keys(optimizers) as OptimizerName[])
    .filter((name) => name !== optimizer)
    .map((name): [Partial<Settings>, string] => [{ optimizer: name }, text.optimizers[name]]);
  const sizes = [batchSize * 4, Math.floor(batchSize / 4)]
    .filter((size) => size >= ranges.batchSize.min && size <= ranges.batchSize.max)
    .map((size): [Partial<Settings>, string] => [{ batchSize: size }, text.batch(size)]);
  return [...rates, ...others, ...sizes];
}

/** The fork in the way: one other setting, and the run becomes two. */
export function Otherwise() {
  const text = timeWords.value;
  const all = choices(inForce(settings.value, presentStep.value));
  return (
    <select
      class="otherwise"
      data-part="otherwise"
      aria-label={text.otherwiseLabel}
      value=""
      onChange={(event) => {
        const chosen = all[Number(event.currentTarget.value)];
        event.currentTarget.value = '';
        if (chosen) change(chosen[0]);
      }}
    >
      <option value="">{text.otherwise}</option>
      {all.map(([, name], at) => (
        <option key={name} value={at}>
          {name}
        </option>
      ))}
    </select>
  );
}
