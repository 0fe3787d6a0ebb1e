import type { ComponentChildren } from 'preact';
import { clock, count, hundredths, lossText } from '../format';
import { allEpochs, evaluation, run, wholeBefore } from '../state/session';
import { words } from '../words';
import { explained } from './explained';
import { AccuracyChart, Beside, LossChart, StepTold, Time } from './late';
import { Transport } from './Transport';

/** A number with its name, what it is the number of, and an explanation. */
function Figure({ name, tip, note, part, value, isMain = false, children }: FigureProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form
    <div
      class={isMain ? 'figure main-figure' : 'figure'}
      role="group"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: focus tells what it is, as hovering does
      tabIndex={0}
      aria-label={name}
      {...explained(tip)}
    >
      <h3>{name}</h3>
      <p class="number" data-part={part} data-value={value}>
        {children ?? <span class="no-number">–</span>}
      </p>
      <p class="figure-note">{note}</p>
    </div>
  );
}

interface FigureProps {
  name: string;
  tip: string;
  note: string;
  part?: string;
  value?: number | string;
  isMain?: boolean;
  children?: ComponentChildren;
}

function Figures() {
  const text = words.value.training;
  const now = run.value;
  const tested = evaluation.value;
  // The share and the number of errors beneath it are those of one test.
  const share = tested ? tested.correct / tested.total : now?.testAccuracy;
  // Counted as people do: the first epoch is 1, and after the last it stays. The axes of the charts end where it does.
  const done = now ? now.epochsBefore + Math.min(now.epoch, now.epochs - 1) : 0;
  const epoch = now ? Math.floor(done + 1e-6) + 1 : 0;
  return (
    <div class="figures">
      <Figure
        name={text.accuracy}
        tip={text.accuracyTip}
        note={
          tested && share !== undefined
            ? text.wrongOf(tested.total - tested.correct, tested.total)
            : text.accuracyUnknown
        }
        part="accuracy"
        value={share === undefined ? '' : Number(share.toFixed(6))}
        isMain
      >
        {share === undefined ? undefined : (
          <>
            {hundredths(share)}
            <span class="unit">%</span>
          </>
        )}
      </Figure>
      <Figure name={text.loss} tip={text.lossTip} note={text.lossNote} part="loss" value={now?.loss ?? ''}>
        {now ? lossText(now.loss) : undefined}
      </Figure>
      <Figure
        name={text.speed}
        tip={text.speedTip}
        note={text.speedNote}
        part="speed"
        value={now?.samplesPerSecond ?? ''}
      >
        {now ? count(now.samplesPerSecond) : undefined}
      </Figure>
      <Figure
        name={text.epoch}
        tip={text.epochTip}
        note={now ? text.batch(now.batch, now.batches) : '\u00a0'}
      >
        <span data-part="epoch" data-value={epoch}>
          {epoch}
        </span>
        <span class="unit">{text.epochOf(allEpochs.value)}</span>
      </Figure>
    </div>
  );
}

function ProgressLine() {
  const now = run.value;
  const text = words.value.training;
  // All epochs of this network, as they are counted above it.
  const all = allEpochs.value;
  const done = now ? (wholeBefore(now) + now.epoch + now.batch / now.batches) / all : 0;
  const share = now?.status === 'done' ? 1 : Math.min(1, Math.max(0, done));
  return (
    <div class="progress">
      <div
        class="progress-track"
        role="progressbar"
        aria-label={text.progress}
        aria-valuenow={Math.round(share * 100)}
        aria-valuemin={0}
        aria-valuemax={100}
      >
        <div class="progress-bar" style={{ transform: `scaleX(${share})` }} />
        {Array.from({ length: now ? all - 1 : 0 }, (_, i) => (
          <i key={i} style={{ left: `${((i + 1) / all) * 100}%` }} />
        ))}
      </div>
      <span class="time-left">
        {now && now.status !== 'done' && Number.isFinite(now.secondsLeft)
          ? text.left(clock(now.secondsLeft))
          : ''}
      </span>
    </div>
  );
}

/** How far training is, and its controls. */
export const Deck = () => (
  <div class="deck">
    <ProgressLine />
    <Transport />
  </div>
);

export function Training({ strip }: { strip: ComponentChildren }) {
  return (
    <section class="column training" aria-labelledby="training-heading">
      <h2 id="training-heading" class="for-ears">
        {words.value.training.heading}
      </h2>
      <div class="figures-place">
        <Figures />
      </div>
      <Beside />
      <div class="charts">
        <AccuracyChart />
        <LossChart />
        <StepTold />
      </div>
      <div class="time-place">
        <Time />
      </div>
      {strip}
      <Deck />
    </section>
  );
}
