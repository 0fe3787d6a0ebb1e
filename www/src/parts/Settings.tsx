import { useSignal } from '@preact/signals';
import { type OptimizerName, optimizers, presets } from '../presets';
import { isAllowed, type NumberSetting, ranges, settings } from '../state/settings';
import { change } from '../state/training';
import { words } from '../words';
import { Icon } from './icons';
import { Machine } from './Machine';

/** A number that is taken as soon as it makes sense, and marked while it does not. */
function NumberField({ name, choices }: { name: NumberSetting; choices?: number[] }) {
  const text = words.value.settings;
  const typed = useSignal<string | null>(null);
  const value = settings.value[name];
  const refused = typed.value !== null && !isAllowed(name, Number(typed.value || Number.NaN));
  const take = (event: Event) => {
    const said = (event.currentTarget as HTMLInputElement).value;
    typed.value = said;
    const number = Number(said || Number.NaN);
    if (isAllowed(name, number)) change({ [name]: number });
  };
  const { min, max } = ranges[name];
  const { finalRate } = presets[settings.value.preset];
  const tip =
    name === 'learningRate' && finalRate !== undefined
      ? words.value.sentences(text.tips.learningRate, text.tips.falls(finalRate))
      : text.tips[name];
  return (
    <label class="field" data-tip={refused ? text.refused(String(min), String(max)) : tip}>
      <span>{text[name]}</span>
      <input
        type="text"
        inputmode={ranges[name].whole ? 'numeric' : 'decimal'}
        autocomplete="off"
        data-part={name === 'epochs' || name === 'seed' ? name : undefined}
        name={name}
        value={typed.value ?? String(value)}
        aria-invalid={refused}
        list={choices && `${name}-choices`}
        onInput={take}
        onChange={take}
        onBlur={() => {
          typed.value = null;
        }}
      />
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

export function Settings() {
  const text = words.value.settings;
  return (
    <section class="settings" aria-labelledby="settings-heading">
      <h2 id="settings-heading">{text.heading}</h2>
      <div class="fields">
        <NumberField name="learningRate" choices={[0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 1]} />
        <label class="field" data-tip={text.tips.optimizer}>
          <span>{text.optimizer}</span>
          <select
            name="optimizer"
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
    </section>
  );
}
