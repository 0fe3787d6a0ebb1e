import { useSignal, useSignalEffect } from '@preact/signals';
import { laterWords } from '../later/words';
import { Icon } from '../parts/icons';
import { type OptimizerName, optimizers, presets } from '../presets';
import { current, made } from '../state/adjusting';
import { settings } from '../state/session';
import { type NumberSetting, ranges, refusal } from '../state/settings';
import { isSound } from '../state/timeline';
import { change } from '../state/training';
import { words } from '../words';
import { Machine } from './Machine';

/** Milliseconds in which anybody has read why a number was refused. */
const READING = 10_000;

/** A number that is taken as soon as it makes sense. One that does not is marked, and what is wrong with it stays on show. */
function NumberField({ name, choices }: { name: NumberSetting; choices?: number[] }) {
  const text = laterWords.value.settings;
  const typed = useSignal<string | null>(null);
  /** What was refused last; it is gone once something else is typed. */
  const refused = useSignal<string | null>(null);
  const value = current.value[name];
  // A run that was taken back has not what was typed any more.
  useSignalEffect(() => {
    if (isSound.value) typed.value = null;
  });
  const take = (event: Event) => {
    const said = (event.currentTarget as HTMLInputElement).value;
    // Leaving the field says nothing new, and the run may have been taken back from what was typed.
    if (said === typed.peek()) return;
    typed.value = said;
    const isWrong = refusal(name, said) !== null;
    refused.value = isWrong ? said : null;
    if (!isWrong) change({ [name]: Number(said) });
  };
  const { min, max } = ranges[name];
  const { finalRate } = presets[settings.value.preset];
  const tip =
    name === 'learningRate' && finalRate !== undefined
      ? words.value.sentences(text.tips.learningRate, text.tips.falls(finalRate))
      : text.tips[name];
  const why = refused.value === null ? null : refusal(name, refused.value);
  return (
    <label class="field" data-tip={why ? undefined : tip}>
      <span>{text[name]}</span>
      <input
        type="text"
        inputmode={ranges[name].whole ? 'numeric' : 'decimal'}
        autocomplete="off"
        data-part={name === 'epochs' || name === 'seed' ? name : undefined}
        name={name}
        value={typed.value ?? String(value)}
        aria-description={tip}
        aria-invalid={why !== null && typed.value !== null}
        aria-errormessage={why ? `${name}-refused` : undefined}
        list={choices && `${name}-choices`}
        onInput={take}
        onChange={take}
        onBlur={() => {
          typed.value = null;
          const said = refused.value;
          setTimeout(() => {
            if (refused.value === said && typed.value === null) refused.value = null;
          }, READING);
        }}
      />
      {why && (
        <span class="refusal" id={`${name}-refused`} role="alert" data-part={`${name}-refused`}>
          {words.value.sentences(
            text.refused[why](refused.value!, String(min), String(max)),
            text.refused.stays(String(value)),
          )}
        </span>
      )}
      {choices && (
        <datalist id={`${name}-choices`}>
          {choices.map((choice) => (
            <option key={choice} value={choice} />
          ))}
        </datalist>
      )}
    </label>
  );
}

/** What was changed while it trained, and what a link makes of that. */
function Adjusted() {
  const text = laterWords.value.settings;
  const count = made.value.length;
  return count > 0 ? (
    <p class="hint" data-part="adjusted" data-value={settings.value.adjust}>
      {text.adjusted(count)}
    </p>
  ) : null;
}

export function Settings() {
  const text = laterWords.value.settings;
  return (
    <section class="settings" aria-labelledby="settings-heading">
      <h2 id="settings-heading">{text.heading}</h2>
      <div class="fields">
        <NumberField name="learningRate" choices={[0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 1]} />
        <label class="field" data-tip={text.tips.optimizer}>
          <span>{text.optimizer}</span>
          <select
            name="optimizer"
            aria-description={text.tips.optimizer}
            value={settings.value.optimizer}
            onChange={(event) => change({ optimizer: event.currentTarget.value as OptimizerName })}
          >
            {(Object.keys(optimizers) as OptimizerName[]).map((name) => (
              <option key={name} value={name}>
                {text.optimizers[name]}
              </option>
            ))}
          </select>
        </label>
        {settings.value.optimizer === 'momentum' && (
          <NumberField name="momentum" choices={[0, 0.5, 0.9, 0.99]} />
        )}
        <NumberField name="batchSize" choices={[1, 8, 16, 32, 64, 128, 256]} />
        <NumberField name="epochs" />
        <div class="with-dice">
          <NumberField name="seed" />
          <button
            type="button"
            class="square"
            aria-label={text.tips.dice}
            data-tip={text.tips.dice}
            onClick={() => change({ seed: Math.floor(Math.random() * 10000) })}
          >
            <Icon name="dice" />
          </button>
        </div>
        <Machine />
      </div>
      <Adjusted />
    </section>
  );
}
