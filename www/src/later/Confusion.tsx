import { hundredths } from '../format';
import { useRoving } from '../parts/roving';
import { nameOf } from '../state/classes';
import { focusCell, seenEvaluation } from '../state/testset';
import { laterWords } from './words';

/** More rows would be too small to read or to choose. */
const MOST = 10;

/** The classes that have a row: all, or those with most mistakes, in their order. */
function rowsOf(table: Uint32Array | undefined, classes: number): number[] {
  const all = Array.from({ length: classes }, (_, at) => at);
  if (classes <= MOST || !table) return all.slice(0, MOST);
  const mistakes = (label: number) =>
    all.reduce((sum, other) => {
      const [of, as] = [table[label * classes + other]!, table[other * classes + label]!];
      return other === label ? sum : sum + of + as;
    }, 0);
  const counted = all.map(mistakes);
  return all
    .toSorted((one, other) => counted[other]! - counted[one]!)
    .slice(0, MOST)
    .toSorted((one, other) => one - other);
}

/** Rows are the truth, columns the reading. A mistake's cell is darker the more often it happened. */
export function Confusion() {
  const text = laterWords.value.confusion;
  const table = seenEvaluation.value?.confusion;
  const cells = useRoving<HTMLTableElement>();
  const classes = table ? Math.round(Math.sqrt(table.length)) : MOST;
  const digits = rowsOf(table, classes);
  const at = (label: number, guess: number) => table?.[label * classes + guess] ?? 0;
  const worst = Math.max(1, ...digits.flatMap((l) => digits.map((g) => (l === g ? 0 : at(l, g)))));
  const chosen = focusCell.value;
  const choose = (label: number, guess: number) => () => {
    const again = chosen?.label === label && chosen.guess === guess;
    focusCell.value = again ? null : { label, guess };
  };
  return (
    <section class="confusion" aria-labelledby="confusion-heading">
      <h2 id="confusion-heading">{text.heading}</h2>
      <table aria-label={text.label} {...cells}>
        <thead>
          <tr>
            <td class="corner">
              <span>{text.read} →</span>
            </td>
            {digits.map((guess) => (
              <th key={guess} scope="col">
                {nameOf(guess)}
              </th>
            ))}
            <th class="recall" scope="col">
              {text.recall}
            </th>
          </tr>
        </thead>
        <tbody>
          {digits.map((label) => {
            let all = 0;
            for (let guess = 0; guess < classes; guess++) all += at(label, guess);
            return (
              <tr key={label}>
                <th scope="row">{nameOf(label)}</th>
                {digits.map((guess) => {
                  const n = at(label, guess);
                  const right = label === guess;
                  const said = laterWords.value.mistakes.cell(nameOf(label), nameOf(guess), n);
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
                        {n > 0 ? n : ''}
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
        {text.truth} ↓ · {text.read} →{classes > MOST && ` · ${text.most(MOST, classes)}`}
      </p>
    </section>
  );
}
