import './neurons.css';
import { Icon } from '../../parts/icons';
import { Player, useFrames } from '../parts/Player';
import { RateSlider } from '../parts/RateSlider';
import { Losses } from './Losses';
import {
  choosePattern,
  hasFlown,
  isPlaying,
  pattern,
  playOn,
  points,
  RATE,
  rate,
  repaint,
  reseed,
  reset,
  stepOn,
} from './model';
import { Network } from './Network';
import { Plane } from './Plane';
import { patterns } from './points';
import { lessonWords } from './words';

/** A small network that learns points in the plane, each of its units in sight. */
export function NeuronsLab() {
  useFrames(isPlaying, playOn);
  const text = lessonWords.value.lab;
  return (
    <div class="lab" data-part="neurons-lab">
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form */}
      <div class="patterns" role="group" aria-label={text.points}>
        {patterns.map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={pattern.value === name}
            data-part={`pattern-${name}`}
            onClick={() => choosePattern(name)}
          >
            {text.patterns[name]}
          </button>
        ))}
      </div>
      <div class="lab-pair">
        <Network />
        <Plane />
      </div>
      <div class="lab-controls">
        <Player isPlaying={isPlaying} step={() => void stepOn()} reset={reset} clear={() => repaint([])} />
        <RateSlider rate={rate} low={0.001} high={1} />
        <button type="button" class="quiet" onClick={reseed}>
          <Icon name="dice" /> {text.reseed}
        </button>
      </div>
      <p class="lab-notice" role="status">
        {hasFlown.value ? (
          <>
            {text.flown}{' '}
            <button
              type="button"
              onClick={() => {
                rate.value = RATE;
                reset();
              }}
            >
              {text.recover}
            </button>
          </>
        ) : points.value.length === 0 ? (
          text.empty
        ) : (
          ''
        )}
      </p>
      <Losses />
    </div>
  );
}
