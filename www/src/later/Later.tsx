/**
 * What the page does not need to train and to read drawings, in one piece that comes right after it: the network's picture
 * and the settings, messages, what lies below, what opens.
 */
import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import '../style/network.css';
import '../style/below.css';
import '../style/over.css';
import '../style/forced.css';
import { LessonBar } from '../lessons/LessonBar';
import { editor, isEditing } from '../network/editing';
import { lookedInto } from '../network/looking';
import { NetworkPicture } from '../network/NetworkPicture';
import { Settings } from '../network/Settings';
import { PenByKeys } from '../pad/PenByKeys';
import { bring, cut } from '../parts/bring';
import { Strip } from '../parts/Strip';
import '../state/cut-line';
import { verdict } from '../state/drawing';
import { listenToKeys } from '../state/keys';
import { lesson } from '../state/lesson';
import '../state/others';
import { told } from '../state/step-told';
import { belowInSight } from '../state/testset';
import { fail } from '../state/trainer';
import { wholeFor } from '../state/whole';
import '../state/ink-link';
import { Confusion } from './Confusion';
import { DataDrop, DropHere } from './DataDrop';
import { Foot } from './Foot';
import { Heard } from './Heard';
import { Ideas } from './Ideas';
import { Mistakes } from './Mistakes';
import { NoticeLine } from './Notice';
import { Opened } from './Opened';
import { Tip } from './Tip';
import { laterWords } from './words';

/** What the page has started anew for. */
if (wholeFor()) void import('../yours/waiting').then(({ takeWaiting }) => takeWaiting(), fail);

type Inside = typeof import('../inside/Inside');

/** A chunk of its own: what happens inside comes once somebody is on the way there. */
const inside = signal<Inside | null>(null);

const fetchInside = () => bring(() => import('../inside/Inside'), inside);

function InsideAndWhy() {
  const near = belowInSight.value;
  useEffect(() => {
    if (near && !inside.value) fetchInside();
  }, [near]);
  const Part = inside.value?.InsideAndWhy;
  return Part ? <Part /> : <div class="inside-place" />;
}

type Times = typeof import('../time/Time');

/** Time turned back, and runs beside each other: a chunk of its own, which comes at once. */
const time = signal<Times | null>(null);
bring(() => import('../time/Time'), time);
const Beside = () => time.value && <time.value.Beside />;
const Time = () => time.value && <time.value.Time />;
const Runs = () => time.value && <time.value.Runs />;

type Yours = typeof import('../yours/Yours');

/** What is the visitor's own comes once somebody says what a drawing is, or is on the way there. */
const yours = signal<Yours | null>(null);
const fetchYours = () => {
  if (!yours.value) bring(() => import('../yours/Yours'), yours);
};

function OpenTeach() {
  const isSaid = verdict.value !== null;
  useEffect(() => {
    if (isSaid) fetchYours();
  }, [isSaid]);
  const Part = yours.value?.Teach;
  return Part ? <Part /> : null;
}

function OpenYours() {
  const near = belowInSight.value;
  useEffect(() => {
    if (near) fetchYours();
  }, [near]);
  const Part = yours.value?.Yours;
  return Part ? <Part /> : <div class="yours-place" />;
}

type Step = typeof import('../inside/Step');

/** What a step did comes with the first one that somebody makes. */
const step = signal<Step | null>(null);

function StepTold() {
  const now = told.value;
  useEffect(() => {
    if (now && !step.value) bring(() => import('../inside/Step'), step);
  }, [now]);
  const Told = step.value?.StepTold;
  return now && Told ? <Told now={now} /> : null;
}

type Lessons = typeof import('../lessons/LessonPlace');

/** The lessons come once somebody opens one. */
const lessons = signal<Lessons | null>(null);

function OpenLesson() {
  useEffect(() => {
    if (!lessons.value) bring(() => import('../lessons/LessonPlace'), lessons);
  }, []);
  const Place = lessons.value?.LessonPlace;
  if (Place) return <Place name={lesson.value ?? ''} />;
  return (
    <div class="lesson-place">
      {cut.value.has(lessons) && (
        <p class="lesson-missing" role="alert">
          {laterWords.value.lessons.failed}
        </p>
      )}
    </div>
  );
}

function Below() {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const watch = new IntersectionObserver(
      ([now]) => {
        belowInSight.value = now!.isIntersecting;
      },
      // On a desk it begins where the screen ends: touching is not seeing.
      { rootMargin: '-1px' },
    );
    watch.observe(place.current!);
    return () => watch.disconnect();
  }, []);
  return (
    <div class="below" ref={place}>
      <Runs />
      <InsideAndWhy />
      <Mistakes />
      <Confusion />
      <Ideas />
      <DataDrop />
      <OpenYours />
    </div>
  );
}

function Network() {
  const Editor = isEditing() ? editor.value?.Editor : undefined;
  return (
    <>
      {Editor ? <Editor /> : <NetworkPicture />}
      <Settings />
      <LayerInside />
    </>
  );
}

/** The layer that was chosen in the network's picture, opened over the page. */
function LayerInside() {
  const now = lookedInto.value;
  useEffect(() => {
    if (now && !inside.value) fetchInside();
  }, [now]);
  const Zoom = inside.value?.Zoom;
  return now && Zoom ? <Zoom key={now.name} name={now.name} /> : null;
}

/** The page's keys. */
function Keys() {
  useEffect(listenToKeys, []);
  return null;
}

export {
  Below,
  Beside,
  DropHere,
  Foot,
  Heard,
  Keys,
  LessonBar,
  Network,
  NoticeLine,
  Opened,
  OpenLesson,
  OpenTeach,
  PenByKeys,
  StepTold,
  Strip,
  Time,
  Tip,
};
