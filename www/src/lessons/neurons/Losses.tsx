/** The losses of this network and of those before it, side by side. */
import { useRef } from 'preact/hooks';
import { Axes } from '../parts/Axes';
import { short } from '../parts/numbers';
import { useWidth } from '../parts/size';
import { earlier, losses, pattern, type Run, right, shape, steps } from './model';
import { lessonWords } from './words';

const EDGE = { left: 52, right: 8, top: 8, bottom: 22 };
const HEIGHT = 168;
const HIGHEST = 1.5;

/** As many powers of ten below the highest loss as the lowest one is deep: three at least, nine at most. */
function decades(runs: readonly Run[]): number {
  const lowest = Math.min(1, ...runs.map(({ losses }) => losses.at(-1) || 1));
  return Math.min(9, Math.max(3, Math.ceil(-Math.log10(lowest))));
}

export function Losses() {
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place);
  const text = lessonWords.value.lab;
  const now: Run = {
    id: -1,
    shape: shape.value,
    pattern: pattern.value,
    losses,
    right: right.value ?? Number.NaN,
  };
  const runs = [...earlier.value, now];
  const last = Math.max(200, ...runs.map((run) => run.losses.length));
  const toX = (step: number) => EDGE.left + (step / last) * (width - EDGE.left - EDGE.right);
  const depth = decades(runs);
  const toY = (loss: number) => {
    const place = Math.log10(Math.min(HIGHEST, Math.max(10 ** -depth, loss)));
    const [high, size] = [Math.log10(HIGHEST), HEIGHT - EDGE.top - EDGE.bottom];
    return EDGE.top + ((high - place) / (high + depth)) * size;
  };
  const ticks = Array.from({ length: depth + 1 }, (_, power) => Number(`1e-${power}`));
  const line = (values: number[]) => {
    const every = Math.max(1, Math.floor(values.length / 300));
    const points: string[] = [];
    for (let step = 0; step < values.length; step += every)
      points.push(`${toX(step).toFixed(1)},${toY(values[step]!).toFixed(1)}`);
    return points.join(' ');
  };
  const nameOf = (run: Run) =>
    `${run.shape.hidden.join('–')} ${run.shape.activation === 'linear' ? text.none : run.shape.activation}${text.comma}${text.patterns[run.pattern]}`;
  return (
    <figure class="lab-figure">
      <figcaption>
        <h3>{text.losses}</h3>
        <span class="hint">{text.lossesHint}</span>
      </figcaption>
      <div ref={place}>
        <svg width={width} height={HEIGHT} role="img" aria-label={text.lossesLabel}>
          <Axes
            width={width}
            height={HEIGHT}
            edge={EDGE}
            up={ticks.map((tick) => [toY(tick), tick < 1e-3 ? tick.toExponential().replace('-', '−') : tick])}
            across={[
              [toX(0), 0],
              [toX(last), text.step(last)],
            ]}
            hasLines
          />
          {earlier.value.map((run) => (
            <polyline key={run.id} class="loss-line earlier" points={line(run.losses)} />
          ))}
          <polyline class="loss-line" points={line(now.losses)} />
        </svg>
      </div>
      <div class="runs-place">
        <table class="runs">
          <thead>
            <tr>
              <th scope="col">{text.run}</th>
              <th scope="col">{text.steps}</th>
              <th scope="col">{text.loss}</th>
              <th scope="col">{text.right}</th>
            </tr>
          </thead>
          <tbody>
            {runs.toReversed().map((run) => (
              <tr key={run.id} aria-current={run.id === -1 ? 'true' : undefined}>
                <th scope="row">{nameOf(run)}</th>
                <td data-part={run.id === -1 ? 'net-steps' : undefined} data-value={run.losses.length}>
                  {run.id === -1 ? steps.value : run.losses.length}
                </td>
                <td data-part={run.id === -1 ? 'net-loss' : undefined} data-value={run.losses.at(-1)}>
                  {run.losses.length > 0 ? short(run.losses.at(-1)!) : '–'}
                </td>
                <td data-part={run.id === -1 ? 'net-right' : undefined} data-value={run.right}>
                  {Number.isNaN(run.right) ? '–' : `${Math.floor(100 * run.right)} %`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}
