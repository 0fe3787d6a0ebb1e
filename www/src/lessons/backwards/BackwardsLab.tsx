import { useSignalEffect } from '@preact/signals';
import { useRef } from 'preact/hooks';
import './backwards.css';
import { short } from '../parts/numbers';
import { Player, useFrames } from '../parts/Player';
import { RateSlider } from '../parts/RateSlider';
import { Check } from './Check';
import { Graph } from './Graph';
import { leaves } from './graph';
import { give, given, isPlaying, position, rate, reset, stepBack, stepOn, steps, values } from './model';
import { Told } from './Told';
import { lessonWords } from './words';

/** Milliseconds for each node while it plays, so that one can follow; each update halves them, down to a frame. */
const [PACE, FASTEST] = [350, 16];

/** One neuron and its loss, forward and back, node by node. */
export function BackwardsLab() {
  /** How many updates there were when it began to play. */
  const begun = useRef(0);
  useSignalEffect(() => {
    if (isPlaying.value) begun.current = steps.peek();
  });
  useFrames(isPlaying, async () => {
    stepOn();
    const updates = Math.max(0, steps.peek() - begun.current);
    await new Promise((resolve) => setTimeout(resolve, Math.max(FASTEST, PACE / 2 ** updates)));
  });
  const text = lessonWords.value.lab;
  return (
    <div class="lab" data-part="backwards-lab">
      <Graph />
      <div class="lab-controls">
        <Player isPlaying={isPlaying} step={stepOn} reset={reset} stepName={text.nextNode} />
        <button type="button" onClick={stepBack} disabled={position.value === 0} data-part="step-back">
          {text.previousNode}
        </button>
        <RateSlider rate={rate} low={0.001} high={1} />
      </div>
      <div class="lab-pair">
        <Told />
        <Check />
      </div>
      <div class="leaves">
        {leaves.map((name) => (
          <label key={name} class="slider">
            <span>
              <b>{name}</b> {text.meaning[name]}
            </span>
            <input
              type="range"
              data-part={`leaf-${name}`}
              min={-3}
              max={3}
              step={0.1}
              value={given.value[name]}
              aria-valuetext={short(given.value[name])}
              onInput={({ currentTarget }) => give(name, Number(currentTarget.value))}
            />
            <output aria-hidden="true">{short(given.value[name])}</output>
          </label>
        ))}
      </div>
      <dl class="lab-figures">
        <div>
          <dt>{text.loss}</dt>
          <dd data-part="graph-loss" data-value={values.value.L}>
            {short(values.value.L)}
          </dd>
        </div>
        <div>
          <dt>{text.updates}</dt>
          <dd data-part="graph-steps" data-value={steps.value}>
            {steps.value}
          </dd>
        </div>
      </dl>
    </div>
  );
}
