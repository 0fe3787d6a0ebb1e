/** What a layer of the draft is configured by. */
import { useSignal } from '@preact/signals';
import { configure, type Drafted } from './draft';
import { activations, numbersOf, type Range } from './spelling';
import { editorWords } from './words';

/** A number that is taken as soon as it makes sense; until then what stood there holds. */
function NumberOf({ layer, name, range }: { layer: Drafted; name: string; range: Range }) {
  const text = editorWords.value;
  const typed = useSignal<string | null>(null);
  const value = Number(layer.config[name] ?? 1);
  const { min, max, whole } = range;
  const isRight = (said: string): boolean => {
    const number = Number(said.trim() || Number.NaN);
    return number >= min && number <= max && (!whole || Number.isInteger(number));
  };
  const isWrong = typed.value !== null && !isRight(typed.value);
  const label = text.fields[name] ?? name;
  return (
    <label class="draft-field">
      <span>{label}</span>
      <input
        type="text"
        inputmode={whole ? 'numeric' : 'decimal'}
        autocomplete="off"
        name={name}
        value={typed.value ?? String(value)}
        aria-invalid={isWrong}
        aria-description={text.between(min, max)}
        data-tip={text.between(min, max)}
        onInput={(event) => {
          typed.value = event.currentTarget.value;
          if (isRight(typed.value)) configure(layer.id, { [name]: Number(typed.value) });
        }}
        onBlur={() => {
          typed.value = null;
        }}
      />
    </label>
  );
}

function Choice({
  layer,
  name,
  choices,
}: {
  layer: Drafted;
  name: 'activation' | 'padding';
  choices: readonly string[];
}) {
  const text = editorWords.value;
  return (
    <label class="draft-field">
      <span>{text.fields[name]}</span>
      <select
        name={name}
        value={String(layer.config[name])}
        onChange={(event) => configure(layer.id, { [name]: event.currentTarget.value })}
      >
        {choices.map((choice) => (
          <option key={choice} value={choice}>
            {text.choices[choice] ?? choice}
          </option>
        ))}
      </select>
    </label>
  );
}

/** A shape as `28 × 28 × 1`, written in any of the usual ways. */
function Shape({ layer }: { layer: Drafted }) {
  const text = editorWords.value;
  const typed = useSignal<string | null>(null);
  const read = (said: string): number[] | null => {
    const lengths = said
      .split(/[x×,*\s]+/)
      .filter(Boolean)
      .map(Number);
    const isRight = lengths.every((length) => Number.isInteger(length) && length >= 1 && length <= 4096);
    return lengths.length >= 1 && lengths.length <= 3 && isRight ? lengths : null;
  };
  const isWrong = typed.value !== null && !read(typed.value);
  return (
    <label class="draft-field wide">
      <span>{text.fields.targetShape}</span>
      <input
        type="text"
        autocomplete="off"
        name="targetShape"
        value={typed.value ?? (layer.config.targetShape as number[]).join(' × ')}
        aria-invalid={isWrong}
        onInput={(event) => {
          typed.value = event.currentTarget.value;
          const lengths = read(typed.value);
          if (lengths) configure(layer.id, { targetShape: lengths });
        }}
        onBlur={() => {
          typed.value = null;
        }}
      />
    </label>
  );
}

export function Fields({ layer }: { layer: Drafted }) {
  const { className, config } = layer;
  const numbers = Object.entries(numbersOf[className] ?? {});
  if (numbers.length === 0 && className !== 'Activation' && className !== 'Reshape') return null;
  return (
    <div class="draft-fields">
      {numbers.map(([name, range]) => (
        <NumberOf key={name} layer={layer} name={name} range={range} />
      ))}
      {className === 'Reshape' && <Shape layer={layer} />}
      {config.padding !== undefined && <Choice layer={layer} name="padding" choices={['valid', 'same']} />}
      {config.activation !== undefined && (
        <Choice
          layer={layer}
          name="activation"
          choices={className === 'Activation' ? activations.slice(1) : activations}
        />
      )}
    </div>
  );
}
