import './line.css';
import { Icon } from '../../parts/icons';
import { short } from '../parts/numbers';
import { Player, useFrames } from '../parts/Player';
import { RateSlider } from '../parts/RateSlider';
import { Bowl } from './Bowl';
import {
  hasFlown,
  isPlaying,
  phase,
  phases,
  rate,
  reckoned,
  recover,
  reset,
  resetHouses,
  stepOn,
  steps,
  train1,
  weights,
} from './model';
import { Reckoning } from './Reckoning';
import { Scatter } from './Scatter';
import { lessonWords } from './words';

/** The line's numbers, as they are now. */
function Figures() {
  const text = lessonWords.value.lab;
  const { w, b } = weights.value;
  const { loss } = reckoned.value;
  return (
    <dl class="lab-figures">
      {(
        [
          ['w', text.slope, w],
          ['b', text.offset, b],
          ['line-loss', text.loss, loss],
        ] as const
      ).map(([name, label, value]) => (
        <div key={name}>
          <dt>{label}</dt>
          <dd data-part={name} data-value={value}>
            {short(value)}
          </dd>
        </div>
      ))}
      <div>
        <dt>{text.steps}</dt>
        <dd data-part="line-steps" data-value={steps.value}>
          {steps.value}
        </dd>
      </div>
    </dl>
  );
}

/** A line that is fitted to houses: drag them, go step by step, or let it run. */
export function LineLab() {
  useFrames(isPlaying, train1);
  const text = lessonWords.value.lab;
  const next = phases[phase.value ? (phases.indexOf(phase.value) + 1) % phases.length : 0]!;
  return (
    <div class="lab" data-part="line-lab">
      <div class="lab-pair">
        <Scatter />
        <Bowl />
      </div>
      <Figures />
      <div class="lab-controls">
        <Player isPlaying={isPlaying} step={stepOn} reset={reset} stepName={text.phases[next]} />
        <RateSlider rate={rate} low={0.001} high={1} />
        <button type="button" class="quiet" onClick={resetHouses}>
          <Icon name="undo" />
          {text.resetHouses}
        </button>
      </div>
      <p class="lab-notice" role="status" data-part="flown" data-value={String(hasFlown.value)}>
        {hasFlown.value && (
          <>
            {text.flown(short(rate.value))}{' '}
            <button type="button" onClick={recover}>
              {text.recover}
            </button>
          </>
        )}
      </p>
      <Reckoning />
    </div>
  );
}
