/** What comes after the page, which trains and reads digits before it is there: the charts last, since they are large. */
import { signal } from '@preact/signals';
import type { ComponentChild } from 'preact';
import { STRIP } from '../state/testset';
import { hasNetwork } from '../state/trainer';
import { words } from '../words';
import { bring } from './bring';

type Charts = typeof import('../charts/Charts');
type Later = typeof import('../later/Later');

const charts = signal<Charts | null>(null);
export const later = signal<Later | null>(null);
/** Milliseconds to wait for a network, whose first step needs the processor, and the line, more. */
const PATIENCE = 4000;

const isLate = new Promise<void>((resolve) => setTimeout(resolve, PATIENCE));
bring(() => import('../later/Later'), later);
void Promise.race([hasNetwork, isLate]).then(() => bring(() => import('../charts/Charts'), charts));

const chart = (title: () => string, draw: (module: Charts) => ComponentChild) => () =>
  charts.value ? (
    draw(charts.value)
  ) : (
    <figure class="chart">
      <figcaption>
        <h3>{title()}</h3>
      </figcaption>
      <div class="chart-place" />
    </figure>
  );

export const LossChart = chart(
  () => words.value.charts.loss,
  ({ LossChart }) => <LossChart />,
);
export const AccuracyChart = chart(
  () => words.value.charts.accuracy,
  ({ AccuracyChart }) => <AccuracyChart />,
);

/** The strip of test digits, empty: there are none to show yet either. */
export const Strip = () =>
  later.value ? (
    <later.value.Strip />
  ) : (
    <div class="strip">
      <div class="strip-head">
        <h3>{words.value.tests.strip}</h3>
      </div>
      <div class="tiles strip-tiles">
        {Array.from({ length: STRIP }, (_, i) => (
          <span key={i} class="tile empty" />
        ))}
      </div>
    </div>
  );

const nothingUntil = (draw: (module: Later) => ComponentChild) => () => later.value && draw(later.value);

export const Teach = nothingUntil(({ OpenTeach }) => <OpenTeach />);
export const Below = nothingUntil(({ Below }) => <Below />);
export const Network = nothingUntil(({ Network }) => <Network />);
export const LessonBar = nothingUntil(({ LessonBar }) => <LessonBar />);
export const Lesson = nothingUntil(({ OpenLesson }) => <OpenLesson />);
export const Beside = nothingUntil(({ Beside }) => <Beside />);
export const Time = nothingUntil(({ Time }) => <Time />);
export const StepTold = nothingUntil(({ StepTold }) => <StepTold />);
export const Foot = nothingUntil(({ Foot }) => <Foot />);
export const Over = nothingUntil(({ DropHere, Heard, Keys, NoticeLine, Opened, Tip }) => (
  <>
    <Keys />
    <Heard />
    <NoticeLine />
    <Opened />
    <DropHere />
    <Tip />
  </>
));
