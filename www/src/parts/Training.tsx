import type { ComponentChildren } from 'preact';
import { clock, count, hundredths, lossText } from '../format';
import { evaluation, run } from '../state/session';
import { settings } from '../state/settings';
import { words } from '../words';
import { AccuracyChart, LossChart } from './LateCharts';
import { Transport } from './Transport';

function Accuracy() {
  const text = words.value.training;
  const share = run.value?.testAccuracy;
  const tested = evaluation.value;
  return (
    <div class="figure main-figure" data-tip={text.accuracyTip}>
      <h3>{text.accuracy}</h3>
      <p class="number" data-part="accuracy" data-value={share === undefined ? '' : Number(share.toFixed(6))}>
        {share === undefined ? (
          <span class="no-number">–</span>
        ) : (
          <>
            {hundredths(share)}
            <span class="unit">%</span>
          </>
        )}
      </p>
      <p class="figure-note">
        {tested ? text.wrongOf(tested.total - tested.correct, tested.total) : text.accuracyUnknown}
      </p>
    </div>
  );
}

function Figures() {
  const text = words.value.training;
  const now = run.value;
  const epochs = now?.epochs ?? settings.value.epochs;
  // Counted as people do: the first epoch is 1, and after the last it stays.
  const epoch = now ? Math.min(now.epoch + 1, now.epochs) : 0;
  return (
    <div class="figures">
      <Accuracy />
      <div class="figure" data-tip={text.lossTip}>
        <h3>{text.loss}</h3>
        <p class="number" data-part="loss" data-value={now?.loss ?? ''}>
          {now ? lossText(now.loss) : <span class="no-number">–</span>}
        </p>
        <p class="figure-note">{text.lossNote}</p>
      </div>
      <div class="figure" data-tip={text.speedTip}>
        <h3>{text.speed}</h3>
        <p class="number" data-part="speed" data-value={now?.samplesPerSecond ?? ''}>
          {now ? count(now.samplesPerSecond) : <span class="no-number">–</span>}
        </p>
        <p class="figure-note">{text.speedNote}</p>
      </div>
      <div class="figure" data-tip={text.epochTip}>
        <h3>{text.epoch}</h3>
        <p class="number">
          <span data-part="epoch" data-value={epoch}>
            {epoch}
          </span>
          <span class="unit">{text.epochOf(epochs)}</span>
        </p>
        <p class="figure-note">{now ? text.batch(now.batch, now.batches) : '\u00a0'}</p>
      </div>
    </div>
  );
}

function ProgressLine() {
  const now = run.value;
  const text = words.value.training;
  const done = now ? (now.epoch + now.batch / now.batches) / now.epochs : 0;
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
        {Array.from({ length: (now?.epochs ?? 1) - 1 }, (_, i) => (
          <i key={i} style={{ left: `${((i + 1) / now!.epochs) * 100}%` }} />
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

export function Training({ strip }: { strip: ComponentChildren }) {
  return (
    <section class="column training" aria-labelledby="training-heading">
      <h2 id="training-heading" class="for-ears">
        {words.value.training.heading}
      </h2>
      <div class="figures-place">
        <Figures />
      </div>
      <div class="charts">
        <AccuracyChart />
        <LossChart />
      </div>
      {strip}
      <div class="deck">
        <ProgressLine />
        <Transport />
      </div>
    </section>
  );
}
