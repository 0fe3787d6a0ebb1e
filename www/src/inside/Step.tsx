/** One step of training in three beats: forward to the surprise, back along the gradients, and the update. */
import { useSignal } from '@preact/signals';
import type { StepInside } from 'mapling/trainer';
import '../style/step.css';
import { count } from '../format';
import { laterWords } from '../later/words';
import { useEscape } from '../parts/escape';
import { Icon } from '../parts/icons';
import { useOnRoot } from '../parts/on-root';
import { useRoving } from '../parts/roving';
import { told } from '../state/step-told';
import { BatchDigit } from './BatchDigit';
import { Back, Forward, Update } from './beats';
import { insideWords } from './words';

const BEATS = ['forward', 'back', 'update'] as const;

/** The digits of the batch: whichever is chosen is followed through the step. */
function Batch({ now, chosen, choose }: { now: StepInside; chosen: number; choose: (at: number) => void }) {
  const text = insideWords.value.step;
  const tiles = useRoving();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form
    <div class="step-batch" role="group" aria-label={text.batch(now.batchSize)} {...tiles}>
      {Array.from(now.labels, (label, at) => (
        <button
          key={at}
          type="button"
          aria-pressed={at === chosen}
          aria-label={text.digit(label, now.losses[at]!.toFixed(2))}
          data-tip={text.digit(label, now.losses[at]!.toFixed(2))}
          onClick={() => choose(at)}
        >
          <BatchDigit now={now} at={at} />
        </button>
      ))}
    </div>
  );
}

const most = (values: Float32Array): number =>
  values.reduce((best, value, at) => (value > values[best]! ? at : best), 0);

export function StepTold({ now }: { now: StepInside }) {
  const text = insideWords.value.step;
  const beat = useSignal<(typeof BEATS)[number]>('forward');
  // The digit that surprised most has most to tell.
  const asked = useSignal<{ of: StepInside; at: number } | null>(null);
  const chosen = asked.value?.of === now ? asked.value.at : most(now.losses);
  const Beat = { forward: Forward, back: Back, update: Update }[beat.value];
  const at = BEATS.indexOf(beat.value);
  useOnRoot('step-told');
  const close = (): void => {
    told.value = null;
  };
  useEscape(close);
  return (
    <section class="step-told" data-part="step-inside" data-value={now.step} aria-labelledby="step-heading">
      <div class="step-head">
        <h3 id="step-heading" aria-live="polite">
          {text.heading(count(now.step))}
        </h3>
        <button
          type="button"
          class="quiet square"
          aria-label={laterWords.value.opened.close}
          data-part="step-close"
          onClick={close}
        >
          <Icon name="close" />
        </button>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form */}
      <div class="step-beats" role="group" aria-label={text.beats}>
        {BEATS.map((name, place) => (
          <button
            key={name}
            type="button"
            data-part={`beat-${name}`}
            aria-pressed={name === beat.value}
            onClick={() => {
              beat.value = name;
            }}
          >
            {place + 1} {text[name].name}
          </button>
        ))}
        <button
          type="button"
          class="quiet"
          disabled={at === BEATS.length - 1}
          onClick={() => {
            beat.value = BEATS[at + 1] ?? beat.value;
          }}
        >
          {text.next} →
        </button>
      </div>
      <div class="step-body">
        <Beat now={now} chosen={chosen} />
      </div>
      <Batch
        now={now}
        chosen={chosen}
        choose={(at) => {
          asked.value = { of: now, at };
        }}
      />
    </section>
  );
}
