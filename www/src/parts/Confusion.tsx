import { count, hundredths } from '../format';
import { focusCell, seenEvaluation } from '../state/testset';
import { words } from '../words';

const digits = Array.from({ length: 10 }, (_, i) => i);

/** Rows are the truth, columns the reading. A mistake's cell is darker the more often it happened. */
export function Confusion() {
  const text = words.value.confusion;
  const table = seenEvaluation.value?.confusion;
  const at = (label: number, guess: number) => table?.[label * 10 + guess] ?? 0;
  const worst = Math.max(1, ...digits.flatMap((l) => digits.map((g) => (l === g ? 0 : at(l, g)))));
  const chosen = focusCell.value;
  const choose = (label: number, guess: number) => () => {
    const again = chosen?.label === label && chosen.guess === guess;
    focusCell.value = again ? null : { label, guess };
  };
  return (
    <section class="confusion" aria-labelledby="confusion-heading">
      <h2 id="confusion-heading">{text.heading}</h2>
      <table aria-label={text.label}>
        <thead>
          <tr>
            <td class="corner">
              <span>{text.read} →</span>
            </td>
            {digits.map((guess) => (
              <th key={guess} scope="col">
                {guess}
              </th>
            ))}
            <th class="recall" scope="col">
              {text.recall}
            </th>
          </tr>
        </thead>
        <tbody>
          {digits.map((label) => {
            const all = digits.reduce((sum, guess) => sum + at(label, guess), 0);
            return (
              <tr key={label}>
                <th scope="row">{label}</th>
                {digits.map((guess) => {
                  const n = at(label, guess);
                  const right = label === guess;
                  const said = words.value.tests.cell(label, guess, n);
                  const strength = right ? n / Math.max(1, all) : Math.sqrt(n / worst);
                  return (
                    <td key={guess}>
                      <button
                        type="button"
                        class={right ? 'cell right' : 'cell wrong'}
                        style={{ '--strength': strength }}
                        disabled={n === 0}
                        aria-pressed={chosen?.label === label && chosen.guess === guess}
                        aria-label={said}
                        data-tip={table && said}
                        onClick={choose(label, guess)}
                      >
                        {n > 0 ? count(n) : ''}
                      </button>
                    </td>
                  );
                })}
                <td class="recall">{all > 0 ? `${hundredths(at(label, label) / all, 1)} %` : ''}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <p class="axis-note">
        {text.truth} ↓ · {text.read} →
      </p>
    </section>
  );
}
