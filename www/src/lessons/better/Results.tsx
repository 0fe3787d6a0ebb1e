import { signal, useSignalEffect } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { count, hundredths } from '../../format';
import { paintInk } from '../../parts/paint';
import { IMAGE } from '../../state/testset';
import { theme, tokenRgb } from '../../state/theme';
import { difference, interval } from './statistics';
import { drawn, labels, plain, type Result, results, type SetName, sets } from './trials';
import { lessonWords } from './words';

const keyOf = ({ trial, seed }: Result): string => `${trial} ${seed}`;
/** The row whose readings of the drawn digits are shown. */
const shown = signal<string | null>(null);

function Cell({ result, set }: { result: Result; set: SetName }) {
  const text = lessonWords.value.results;
  const truth = labels.value![set];
  const total = truth.length;
  const guesses = result.guesses[set];
  let right = 0;
  for (let at = 0; at < total; at++) if (guesses[at] === truth[at]) right++;
  const [low, high] = interval(right, total);
  const before = plain();
  const other = before && before !== result ? difference(before.guesses[set], guesses, truth) : null;
  return (
    <td data-set={set} data-right={right} data-total={total}>
      <b>{hundredths(right / total, total < 1000 ? 1 : 2)} %</b>
      <span>{text.between(hundredths(low, 1), hundredths(high, 1))}</span>
      {other && (
        <span class="difference" data-sure={other.isSure} data-won={other.won} data-lost={other.lost}>
          {other.won + other.lost === 0
            ? text.equal
            : `${text.difference(hundredths(Math.abs(other.by), 1), Math.sign(other.by), count(other.won), count(other.lost))}${text.comma}${other.isSure ? text.sure : text.unsure}`}
        </span>
      )}
    </td>
  );
}

/** The digits that people drew, and what a network takes each for. */
function Drawn({ result }: { result: Result }) {
  const text = lessonWords.value.results;
  const place = useRef<HTMLUListElement>(null);
  const truth = labels.value!.pen;
  const guesses = result.guesses.pen;
  useSignalEffect(() => {
    theme.value;
    const pixels = drawn.value;
    if (!pixels) return;
    for (const one of place.current!.querySelectorAll('canvas')) {
      const at = Number(one.dataset.at);
      paintInk(
        one.getContext('2d')!,
        pixels.subarray(at * IMAGE, (at + 1) * IMAGE),
        tokenRgb('ink'),
        1 / 255,
      );
    }
  });
  return (
    <ul class="tiles drawn" data-part="drawn" ref={place} aria-label={text.drawn}>
      {Array.from(truth, (label, at) => (
        <li key={at} class="tile" data-right={guesses[at] === label}>
          <canvas data-at={at} width={28} height={28} />
          <span class="for-ears">{text.tile(label, guesses[at]!)}</span>
          {guesses[at] !== label && <b aria-hidden="true">{guesses[at]}</b>}
        </li>
      ))}
    </ul>
  );
}

/** All that was tried, in figures, with how sure each is. */
export function Results() {
  const text = lessonWords.value.results;
  const names = lessonWords.value.trials.names;
  const all = results.value;
  const truth = labels.value;
  const open = all.find((result) => keyOf(result) === shown.value) ?? all.at(-1);
  const nameOf = ({ trial, seed }: Result): string =>
    trial === 'plain' && seed > 1 ? text.seeded(names.plain, seed) : names[trial];
  return (
    <section class="experiment-part" data-part="results">
      <h3>{text.heading}</h3>
      <p class="lead">{all.length > 0 ? text.lead : text.empty}</p>
      {truth && all.length > 0 && (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys */}
          <section class="scrolling" tabIndex={0} aria-label={text.heading}>
            <table class="figures-table" data-part="results-table">
              <caption class="for-ears">{text.heading}</caption>
              <thead>
                <tr>
                  <th scope="col">{text.network}</th>
                  {sets.map((set) => (
                    <th key={set} scope="col">
                      {text.sets[set](count(truth[set].length))}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {all.map((result) => (
                  <tr key={keyOf(result)} data-trial={result.trial} data-seed={result.seed}>
                    <th scope="row">
                      <button
                        type="button"
                        class="link"
                        aria-pressed={open === result}
                        onClick={() => {
                          shown.value = keyOf(result);
                        }}
                      >
                        {nameOf(result)}
                      </button>
                    </th>
                    {sets.map((set) => (
                      <Cell key={set} result={result} set={set} />
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
          <p class="hint">{text.note}</p>
          {open && (
            <>
              <h4>{text.readings(nameOf(open))}</h4>
              <Drawn key={keyOf(open)} result={open} />
            </>
          )}
        </>
      )}
    </section>
  );
}
