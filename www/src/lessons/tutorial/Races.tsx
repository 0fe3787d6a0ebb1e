import { count, hundredths, lossText } from '../../format';
import { dataInfo } from '../../state/session';
import { LinesChart } from '../laboratory/LinesChart';
import {
  busy,
  byHeart,
  cancel,
  FEW,
  failed,
  few,
  type RaceName,
  raceName,
  races,
  startFew,
  startRace,
  TEST,
  TRAIN,
  tracks,
} from './races';
import { lessonWords } from './words';

/** One of several things, each with a button that stays pressed. */
function Choice<Value extends string | number>({ label, all, now, name, choose }: ChoiceProps<Value>) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form
    <div role="group" aria-label={label} class="row">
      {all.map((one) => (
        <button
          key={one}
          type="button"
          data-choice={one}
          aria-pressed={now === one}
          disabled={busy.value !== null}
          onClick={() => choose(one)}
        >
          {name(one)}
        </button>
      ))}
    </div>
  );
}

interface ChoiceProps<Value> {
  label: string;
  all: readonly Value[];
  now: Value;
  name: (value: Value) => string;
  choose: (value: Value) => void;
}

function Go({ what, start, isAgain }: { what: 'race' | 'few'; start: () => void; isAgain: boolean }) {
  const text = lessonWords.value.races;
  const isOn = busy.value === what;
  return (
    <button
      type="button"
      class="go"
      data-part={`start-${what}`}
      disabled={dataInfo.value === null || (busy.value !== null && !isOn)}
      onClick={isOn ? cancel : start}
    >
      {isOn ? text.stop : isAgain ? text.again : text.start[what]}
    </button>
  );
}

const wide = (from: number, to: number, steps: number): number[] =>
  Array.from({ length: steps + 1 }, (_, at) => from + (at * (to - from)) / steps);

/** Three networks from one seed, side by side. */
export function Race() {
  const text = lessonWords.value.races;
  const all = tracks.value;
  const racers = races[raceName.value];
  const data = dataInfo.value;
  const perEpoch = Math.min(TRAIN, data?.train ?? TRAIN);
  const testLoss = text.testLoss(count(Math.min(TEST, data?.test ?? TEST)));
  const end = Math.max(...racers.map(({ epochs }) => epochs)) * perEpoch;
  const isOver = all.length > 0 && all.every((track) => track.end);
  const isShown = all.length > 0 && all.every((track, at) => track.name === racers[at]?.name);
  return (
    <section
      class="experiment-part"
      data-part="race"
      data-value={isOver ? 'over' : busy.value === 'race' ? 'on' : ''}
    >
      <h3>{text.heading}</h3>
      <p class="lead">{text.lead(count(perEpoch))}</p>
      <Choice
        label={text.choose}
        all={Object.keys(races) as RaceName[]}
        now={raceName.value}
        name={(name) => text.names[name]}
        choose={(name) => {
          raceName.value = name;
          tracks.value = [];
        }}
      />
      <p class="hint">{text.about[raceName.value]}</p>
      <Go what="race" start={() => void startRace()} isAgain={isOver} />
      <LinesChart
        title={testLoss}
        label={text.chart(racers.map(({ name }) => name).join(', '))}
        lines={(isShown ? all : []).map(({ name, x, loss }, at) => ({
          name,
          x,
          y: loss,
          tone: at as 0 | 1 | 2,
        }))}
        x={{ title: text.seen, end, ticks: wide(0, end, 4), write: count }}
        y={{
          title: testLoss,
          from: 0.1,
          to: 2.5,
          isLog: true,
          ticks: [0.1, 0.2, 0.5, 1, 2],
          write: lossText,
        }}
        waiting={text.waiting}
      />
      {isShown && (
        <table class="figures-table" data-part="race-table">
          <caption class="for-ears">{testLoss}</caption>
          <thead>
            <tr>
              <th scope="col">{text.names[raceName.value]}</th>
              <th scope="col">{text.lossNow}</th>
              <th scope="col">{text.accuracyNow}</th>
              <th scope="col">{text.speed}</th>
            </tr>
          </thead>
          <tbody>
            {all.map(({ name, loss, accuracy, end }) => (
              <tr
                key={name}
                data-racer={name}
                data-loss={loss.at(-1) ?? ''}
                data-accuracy={accuracy.at(-1) ?? ''}
              >
                <th scope="row">{name}</th>
                <td>{loss.length > 0 ? lossText(loss.at(-1)!) : '–'}</td>
                <td>{accuracy.length > 0 ? `${hundredths(accuracy.at(-1)!, 1)} %` : '–'}</td>
                <td>{end ? count(end.samplesPerSecond) : '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {failed.value && <p role="alert">{text.failed}</p>}
    </section>
  );
}

/** A network that learns its few digits by heart. */
export function Few() {
  const text = lessonWords.value.races;
  const found = byHeart.value;
  const last = found?.test.x.at(-1) ?? 0;
  const epochs = Math.ceil(1600 / Math.ceil(few.value / 32));
  const least = found ? Math.min(...found.test.loss) : Number.NaN;
  const isOver = found?.test.end !== undefined;
  return (
    <section
      class="experiment-part"
      data-part="few"
      data-value={isOver ? 'over' : busy.value === 'few' ? 'on' : ''}
    >
      <h3>{text.fewHeading}</h3>
      <p class="lead">{text.fewLead}</p>
      <Choice
        label={text.fewChoose}
        all={FEW}
        now={few.value}
        name={(number) => text.digits(count(number))}
        choose={(number) => {
          few.value = number;
          byHeart.value = null;
        }}
      />
      <Go what="few" start={() => void startFew()} isAgain={isOver} />
      <LinesChart
        title={text.loss}
        label={text.fewChart}
        lines={
          found
            ? [
                { name: text.train, x: found.train.x, y: found.train.loss, tone: 2 },
                { name: text.test, x: found.test.x, y: found.test.loss, tone: 0 },
              ]
            : []
        }
        x={{ title: text.epoch, end: epochs, ticks: wide(0, epochs, 4).map(Math.round), write: count }}
        y={{
          title: text.loss,
          from: 0.001,
          to: 3,
          isLog: true,
          ticks: [0.001, 0.01, 0.1, 1],
          write: (tick) => String(tick),
        }}
        waiting={text.waiting}
      />
      <p
        class="finding"
        role="status"
        data-part="few-finding"
        data-train={found?.train.loss.at(-1) ?? ''}
        data-test={found?.test.loss.at(-1) ?? ''}
        data-least={least}
      >
        {isOver && found
          ? text.fewFinding(
              lossText(found.train.loss.at(-1)!),
              lossText(found.test.loss.at(-1)!),
              lossText(least),
              count(found.test.x[found.test.loss.indexOf(least)] ?? last),
            )
          : ''}
      </p>
    </section>
  );
}
