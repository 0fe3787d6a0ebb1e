import { signal } from '@preact/signals';
import { dataInfo } from '../../state/session';
import { LinesChart } from '../laboratory/LinesChart';
import { difference } from './statistics';
import {
  cancel,
  EPOCHS,
  failed,
  labels,
  live,
  plain,
  results,
  type SetName,
  sets,
  type TrialName,
  trials,
  tryOut,
  under,
} from './trials';
import { lessonWords } from './words';

const chosen = signal<TrialName>('augment');

/** What somebody expects of a trial. */
const expectations = ['better', 'same', 'worse'] as const;
type Expectation = (typeof expectations)[number];
const guesses = signal<{ [trial in TrialName]?: Expectation }>({});

/** What came of a trial, for digits of one kind. */
export function verdictOf(trial: TrialName, set: SetName): Expectation | null {
  const [before, after, truth] = [plain(), results.value.find((one) => one.trial === trial), labels.value];
  if (!before || !after || !truth) return null;
  const { by, isSure } = difference(before.guesses[set], after.guesses[set], truth[set]);
  return isSure ? (by > 0 ? 'better' : 'worse') : 'same';
}

function Guess({ trial }: { trial: TrialName }) {
  const text = lessonWords.value.trials;
  const guess = guesses.value[trial];
  return (
    <>
      <p>{text.expect}</p>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form */}
      <div role="group" aria-label={text.expect} class="row" data-part="expect">
        {expectations.map((one) => (
          <button
            key={one}
            type="button"
            data-choice={one}
            aria-pressed={guess === one}
            disabled={under.value !== null || verdictOf(trial, 'test') !== null}
            onClick={() => {
              guesses.value = { ...guesses.value, [trial]: one };
            }}
          >
            {text.expectations[one]}
          </button>
        ))}
      </div>
    </>
  );
}

/** The trials to choose from; each is guessed at, run, and compared. */
export function Trials() {
  const text = lessonWords.value.trials;
  const trial = chosen.value;
  const now = under.value;
  const guess = guesses.value[trial];
  const verdict = verdictOf(trial, 'test');
  const isFit = dataInfo.value === null || dataInfo.value.classes <= 10;
  const shown = results.value.filter(
    ({ trial: name, seed }) => seed === 1 && (name === 'plain' || name === trial) && name !== 'ensemble',
  );
  const lines = shown.map(({ trial: name, curve }) => ({
    name: text.names[name],
    ...curve,
    tone: (name === 'plain' ? 2 : 0) as 0 | 2,
  }));
  if (now && live.value)
    lines.push({
      name: text.names[now.trial],
      ...live.value,
      tone: now.trial === 'plain' ? 2 : 0,
    });
  return (
    <section class="experiment-part" data-part="trials" data-value={now ? 'on' : verdict ? 'over' : ''}>
      <h3>{text.heading}</h3>
      <p class="lead">{text.lead}</p>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form */}
      <div role="group" aria-label={text.heading} class="row">
        {trials.map((name) => (
          <button
            key={name}
            type="button"
            data-choice={name}
            aria-pressed={trial === name}
            disabled={now !== null}
            onClick={() => {
              chosen.value = name;
            }}
          >
            {text.names[name]}
          </button>
        ))}
      </div>
      <p class="about">{text.about[trial]}</p>
      <Guess trial={trial} />
      <div class="row under">
        <button
          type="button"
          class="go"
          data-part="run"
          disabled={dataInfo.value === null || !isFit || (!now && !guess)}
          onClick={now ? cancel : () => void tryOut(trial)}
        >
          {now ? text.stop : verdict ? text.again : text.run}
        </button>
        {now && (
          <>
            <progress value={now.share} max={1} aria-label={text.progress} />
            <span class="hint">{text.under(text.names[now.trial], now.seed)}</span>
          </>
        )}
        {!now && !guess && <span class="hint">{text.guessFirst}</span>}
      </div>
      {!isFit && <p role="alert">{text.unfit}</p>}
      {failed.value && <p role="alert">{text.failed}</p>}
      <p class="finding" role="status" data-part="finding" data-value={verdict ?? ''}>
        {verdict && !now && (
          <>
            {guess && <b>{guess === verdict ? text.right : text.wrong} </b>}
            {sets.map((set) => text.verdict(text.sets[set], verdictOf(trial, set)!)).join(' ')}{' '}
            {text.why[trial]}
          </>
        )}
      </p>
      <LinesChart
        title={text.errors}
        label={text.chart}
        lines={lines}
        x={{
          title: text.epochs,
          end: EPOCHS,
          ticks: [0, 2, 4, 6, 8],
          write: String,
        }}
        y={{
          title: text.errors,
          from: 0.025,
          to: 0.2,
          isLog: true,
          ticks: [0.025, 0.05, 0.1, 0.2],
          write: (share) => `${Number((100 * share).toFixed(1))} %`,
        }}
        waiting={text.waiting}
      />
    </section>
  );
}
