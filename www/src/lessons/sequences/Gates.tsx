import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { largest, Picture } from '../../inside/Picture';
import { Lines } from '../Lines';
import { TRACES, type Walk } from './cell';
import { lessonWords } from './words';

/** Shown as pictures; the candidate is what the input gate lets through, and of little use by itself. */
const SHOWN = TRACES.filter((name) => name !== 'candidate');
const GATES = ['input', 'forget', 'output'] as const;

const number = (value: number): string => value.toFixed(2).replace('-', '−');

const mean = (values: Float32Array): number =>
  values.reduce((sum, value) => sum + Math.abs(value), 0) / values.length;

/** The unit whose forget gate stays open most. */
function steadiest({ units, steps, traces: { forget } }: Walk): number {
  const open = Array.from({ length: units }, (_, unit) => {
    let sum = 0;
    for (let step = 0; step < steps; step++) sum += forget[step * units + unit]!;
    return sum;
  });
  return open.indexOf(Math.max(...open));
}

/** What the gates of all units do over the rows, and those of one of them: at first the one that keeps most. */
export function Gates({ found, row }: { found: Walk; row: number }) {
  const text = lessonWords.value.lab.reader;
  const first = useMemo(() => steadiest(found), []);
  const unit = useSignal(first);
  const { units, steps, traces } = found;
  const chosen = Math.min(unit.value, units - 1);
  const of = (name: keyof typeof traces) => traces[name][row * units + chosen]!;
  return (
    <div class="gates" data-part="gates">
      <h4>{text.gates}</h4>
      <p class="lead">{text.gatesLead(units)}</p>
      <div class="gate-strips">
        {SHOWN.map((name) => {
          const now = mean(traces[name].subarray(row * units, (row + 1) * units));
          return (
            <figure key={name}>
              <figcaption>
                <b>{text.names[name]}</b>
                <span data-part={`gate-${name}`} data-value={now}>
                  {name === 'memory' ? text.holds(number(now)) : text.open(now)}
                </span>
              </figcaption>
              <div class="gate-strip">
                <Picture
                  width={steps}
                  height={units}
                  value={(x, y) => traces[name][x * units + y]!}
                  full={name === 'memory' ? largest(traces.memory) : 1}
                  label={text.strip(text.names[name])}
                />
                <i class="gate-row" style={{ left: `${(100 * row) / steps}%`, width: `${100 / steps}%` }} />
                <i
                  class="gate-unit"
                  style={{ top: `${(100 * chosen) / units}%`, height: `${100 / units}%` }}
                />
              </div>
            </figure>
          );
        })}
      </div>
      <label class="exhibit-slide">
        <span>
          {text.unit} {chosen + 1}
        </span>
        <input
          type="range"
          min={1}
          max={units}
          value={chosen + 1}
          data-part="gate-unit"
          onInput={(event) => {
            unit.value = Number(event.currentTarget.value) - 1;
          }}
        />
      </label>
      <Lines
        lines={GATES.map((name) => ({
          name: text.short[name],
          values: Float32Array.from({ length: steps }, (_, step) => traces[name][step * units + chosen]!),
          isMain: name === 'forget',
          isDashed: name === 'output',
        }))}
        steps={steps}
        mark={row}
        label={text.unitLines(chosen + 1)}
        from={text.top}
        to={text.bottom}
      />
      <p class="unit-now">
        {text.unitNow(number(of('input')), number(of('forget')), number(of('output')), number(of('memory')))}
      </p>
    </div>
  );
}
