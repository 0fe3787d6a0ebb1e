/** One step, part by part, with its numbers in the formulas. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { inFormula, short } from '../parts/numbers';
import { houses, type Phase, phase, phases, reckoned, updated, weights } from './model';
import { lessonWords } from './words';

/** The numbers to show: after an update still those of the step that has ended, not yet those of the next step. */
function shown() {
  const last = phase.value === 'update' ? updated.value : null;
  return last ? { ...last.reckoned, ...last.from } : { ...reckoned.value, ...weights.value };
}

function Part({ name, formula, children }: { name: Phase; formula: string; children: ComponentChildren }) {
  const text = lessonWords.value.lab;
  const at = phases.indexOf(name);
  const now = phase.value === null ? -1 : phases.indexOf(phase.value);
  return (
    <li data-part={`phase-${name}`} aria-current={now === at ? 'step' : undefined} data-reached={now >= at}>
      <h4>
        {text.phases[name]} <span class="formula">{formula}</span>
      </h4>
      {now >= at ? children : <p class="hint">{text.notYet}</p>}
    </li>
  );
}

export function Reckoning() {
  const chosen = useSignal(0);
  const text = lessonWords.value.lab;
  const { predictions, errors, squares, slopes, loss, dw, db, w, b } = shown();
  const at = Math.min(chosen.value, houses.value.length - 1);
  const [x, y] = houses.value[at]!;
  const last = updated.value;
  return (
    <section class="reckoning" aria-label={text.reckoning} data-part="reckoning">
      <div class="reckoning-head">
        <h3>{text.reckoning}</h3>
        <label>
          {text.forHouse}{' '}
          <select
            value={at}
            onInput={({ currentTarget }) => {
              chosen.value = Number(currentTarget.value);
            }}
          >
            {houses.value.map((_, i) => (
              <option key={i} value={i}>
                {text.house(i + 1)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <ol>
        <Part name="forward" formula="ŷ = w·x + b">
          <p class="formula">
            {inFormula(w)}·{short(x)} + {inFormula(b)} = <b>{short(predictions[at]!)}</b>
          </p>
        </Part>
        <Part name="loss" formula="L = mean (ŷ − y)²">
          <p class="formula">
            ({inFormula(predictions[at]!)} − {short(y)})² = {short(squares[at]!)}
          </p>
          <p class="formula">
            {text.meanOf(houses.value.length)} <b>{short(loss)}</b>
          </p>
        </Part>
        <Part name="gradient" formula="∂L/∂w = mean 2(ŷ − y)·x, ∂L/∂b = mean 2(ŷ − y)">
          <p class="formula">
            2·{inFormula(errors[at]!)}·{short(x)} = {short(slopes.w[at]!)}; {text.meanOf(houses.value.length)}{' '}
            <b data-part="dw">{short(dw)}</b>
          </p>
          <p class="formula">
            2·{inFormula(errors[at]!)} = {short(slopes.b[at]!)}; {text.meanOf(houses.value.length)}{' '}
            <b data-part="db">{short(db)}</b>
          </p>
        </Part>
        <Part name="update" formula="w ← w − η·∂L/∂w">
          {last && (
            <>
              <p class="formula">
                w: {short(w)} − {short(last.rate)}·{inFormula(dw)} = <b>{short(last.to.w)}</b>
              </p>
              <p class="formula">
                b: {short(b)} − {short(last.rate)}·{inFormula(db)} = <b>{short(last.to.b)}</b>
              </p>
            </>
          )}
        </Part>
      </ol>
    </section>
  );
}
