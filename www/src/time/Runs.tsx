import type { DigitsInfo } from 'mapling/trainer';
import { count, hundredths, lossText } from '../format';
import { laterWords } from '../later/words';
import { Icon } from '../parts/icons';
import { goBackTo } from '../state/back';
import { classNames } from '../state/classes';
import { epochsAt, type History, history, historyVersion } from '../state/curves';
import { type Given, givenFiles } from '../state/data';
import type { Digits } from '../state/digits';
import { type Named, present, removeRun, rename, runs, show } from '../state/runs';
import { session, settings } from '../state/session';
import { inForce, type Settings } from '../state/settings';
import { placeOf } from '../state/timeline';
import { words } from '../words';
import { nameOf } from './name';
import { timeWords } from './words';

interface Tested {
  accuracy: number;
  loss: number;
  /** Where that was, in epochs, if it has trained on since. */
  before: number | undefined;
}

/** A run as a line of the list. */
interface Line extends Named {
  settings: Settings;
  /** What digits it trained on: the name that the page has for them, and in words that tell them from others of that name. */
  digits: readonly [short: string, whole: string];
  step: number;
  /** What the last test found up to the step where it stands. */
  tested: Tested | undefined;
  isPresent: boolean;
  isShown: boolean;
}

/** The last test up to a place of the run, in epochs. */
function lastTest({ testX, testAccuracy, testLoss }: History, place: number): Tested | undefined {
  const last = testX.findLastIndex((at) => at < place + 1e-6);
  if (last < 0) return undefined;
  const [at, accuracy, loss] = [testX[last]!, testAccuracy[last]!, testLoss[last]!];
  return { accuracy, loss, before: at < place - 1e-6 ? at : undefined };
}

/** What digits these are: of files the first one's name and how many there are, and classes beyond the ten. */
function digitsText(
  { name, train, classes }: DigitsInfo,
  { files: [first] }: Given,
  names: Digits['names'],
): readonly [short: string, whole: string] {
  const short = words.value.dataset.short[name];
  const known = first ? `${short} (${first.name}, ${count(train)})` : short;
  const own = Array.from({ length: Math.max(0, classes - 10) }, (_, at) => names[10 + at] ?? String(10 + at));
  return [short, first ? known : [known, ...own].join(' + ')];
}

function lines(): Line[] {
  historyVersion.value;
  const kept = runs.value.map((one): Line => {
    const mark = one.marks.at(-1);
    const step = mark?.step ?? 0;
    const digits = digitsText(one.digits.data, one.digits.given, one.digits.names);
    const tested = mark && lastTest(one.history, placeOf(mark));
    return { ...one, settings: inForce(one.settings, step), digits, step, tested, isPresent: false };
  });
  const { run, origin, phase } = session.value;
  const step = run?.step ?? origin.step;
  const place = run ? epochsAt(step, run.batches, origin) : origin.epoch;
  const tested = lastTest(history, phase === 'training' ? Number.POSITIVE_INFINITY : place);
  const now: Line = {
    ...present.value,
    settings: inForce(settings.value, step),
    digits: session.value.data ? digitsText(session.value.data, givenFiles(), classNames.value) : ['', ''],
    step,
    // It is tested again before one has read where that was.
    tested: tested && phase === 'training' ? { ...tested, before: undefined } : tested,
    isPresent: true,
    isShown: true,
  };
  return [...kept, now].sort((one, other) => one.number - other.number);
}

/** The settings, of which layers of the visitor's own stand in the place of the preset's. */
const compared = ({ net, ...rest }: Settings): Record<string, unknown> => ({
  ...rest,
  preset: net || rest.preset,
});

/** In words, what a run has otherwise than one of the others; where it ends says nothing of how it learns. */
function differences(one: Settings, all: readonly Line[]): string[] {
  const text = laterWords.value.settings as unknown as Record<string, unknown>;
  const own = compared(one);
  return Object.keys(own)
    .filter((key) => key !== 'epochs')
    .filter((key) =>
      all.some((line) => JSON.stringify(compared(line.settings)[key]) !== JSON.stringify(own[key])),
    )
    .map((key) => {
      if (key === 'optimizer') return timeWords.value.optimizers[one.optimizer];
      if (key === 'preset') return one.net || presetName(one);
      const value = own[key];
      const name = typeof text[key] === 'string' ? (text[key] as string) : key;
      return typeof value === 'object' ? name : `${name.toLowerCase()} ${value}`;
    });
}

const presetName = ({ preset }: Settings): string => laterWords.value.network.presets[preset];

const byNumber = (all: readonly Line[], number: number | null): Line | undefined =>
  all.find((line) => line.number === number);

/** What digits a run knows, where others know other ones. */
function digitsOf({ digits: [short, whole] }: Line, all: readonly Line[]): string[] {
  const others = all.filter(({ digits }) => digits[1] !== whole);
  if (others.length === 0) return [];
  return [others.some(({ digits }) => digits[0] === short) ? whole : short];
}

function Row({ line, all }: { line: Line; all: readonly Line[] }) {
  const text = timeWords.value.runs;
  const name = nameOf(line);
  const { number, isPresent, isShown, from } = line;
  const { accuracy, loss, before } = line.tested ?? {};
  const parent = byNumber(all, line.parent);
  const said = [
    ...digitsOf(line, all),
    ...differences(line.settings, all),
    // Figures of an earlier step are not those of the one where the run stands.
    ...(before === undefined ? [] : [text.tested(before)]),
    ...(from !== null && parent ? [text.from(from, nameOf(parent))] : []),
  ];
  return (
    <li class="run" data-part="run" data-value={number} aria-current={isPresent || undefined}>
      <input
        type="checkbox"
        data-part="run-shown"
        checked={isShown}
        disabled={isPresent}
        aria-label={text.shown(name)}
        onChange={(event) => show(number, event.currentTarget.checked)}
      />
      <input
        type="text"
        class="run-name"
        data-part="run-name"
        value={line.name}
        placeholder={name}
        maxLength={40}
        autocomplete="off"
        aria-label={text.name}
        onChange={(event) => rename(number, event.currentTarget.value)}
      />
      <span class="run-settings">{said.join(' · ') || text.same}</span>
      <span class="run-number" data-part="run-accuracy" data-value={accuracy ?? ''}>
        <small>{text.accuracy}</small> {accuracy === undefined ? '–' : `${hundredths(accuracy)} %`}
      </span>
      <span class="run-number" data-part="run-loss" data-value={loss ?? ''}>
        <small>{text.loss}</small> {loss === undefined ? '–' : lossText(loss)}
      </span>
      <span class="run-number" data-part="run-steps" data-value={line.step}>
        <small>{text.steps}</small> {count(line.step)}
      </span>
      {isPresent ? (
        <span class="run-now">{text.now}</span>
      ) : (
        <span class="run-do">
          <button
            type="button"
            data-part="run-back"
            aria-label={text.backTo(name)}
            onClick={() => {
              goBackTo(number);
              scrollTo({ top: 0 });
            }}
          >
            {text.back}
          </button>
          <button
            type="button"
            class="quiet square"
            data-part="run-remove"
            aria-label={text.remove(name)}
            onClick={() => removeRun(number)}
          >
            <Icon name="close" />
          </button>
        </span>
      )}
    </li>
  );
}

/** All runs, the present one among them, with what they have otherwise and what came of it. */
export function Runs() {
  const text = timeWords.value.runs;
  if (runs.value.length === 0) return null;
  const all = lines();
  return (
    <section class="runs" id="runs" aria-labelledby="runs-heading">
      <h2 id="runs-heading">{text.heading}</h2>
      <p class="lead">{text.lead}</p>
      <ul>
        {all.map((line) => (
          <Row key={line.number} line={line} all={all} />
        ))}
      </ul>
    </section>
  );
}
