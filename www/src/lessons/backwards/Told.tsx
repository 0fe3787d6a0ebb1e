/** What the part of the step that was shown last did, with its numbers. */
import { inFormula, short } from '../parts/numbers';
import { isMade, made, type Name, usedBy } from './graph';
import { gradients, isPlaying, LAST, locals, position, rate, shown, updated, values } from './model';
import { lessonWords } from './words';

function Forward({ name }: { name: Name }) {
  if (!isMade(name)) return null;
  const { formula, from, written } = made[name];
  const numbers = from.map((input) => inFormula(values.value[input]));
  return (
    <p class="formula">
      {name} = {formula} = {written(...numbers)} = <b>{short(values.value[name])}</b>
    </p>
  );
}

function Back({ name }: { name: Name }) {
  const text = lessonWords.value.lab;
  const use = usedBy(name);
  if (!use)
    return (
      <>
        <p class="formula">
          ∂L/∂L = <b>1</b>
        </p>
        <p>{text.begins}</p>
      </>
    );
  const { by, input } = use;
  const local = locals.value[by][input]!;
  return (
    <>
      <p class="formula">
        ∂L/∂{name} = ∂L/∂{by} · ∂{by}/∂{name} = {inFormula(gradients.value[by])}·{inFormula(local)} ={' '}
        <b data-part="chained">{short(gradients.value[name])}</b>
      </p>
      <p>
        {text.because(by, made[by].formula, name, made[by].rules[input]!, short(local))}{' '}
        {text.soMuch(name, gradients.value[name] >= 0)}
      </p>
    </>
  );
}

export function Told() {
  const text = lessonWords.value.lab;
  const now = shown.value;
  const last = updated.value;
  const isUpdate = position.value === LAST && last;
  return (
    <div
      class="told"
      role="status"
      // While it plays, nodes come faster than anybody can hear of them.
      aria-live={isPlaying.value ? 'off' : 'polite'}
      data-part="told"
      data-value={position.value}
    >
      <h3>{isUpdate ? text.update : now ? text[now.way](now.name, text.meaning[now.name]) : text.before}</h3>
      {isUpdate ? (
        (['w', 'b'] as const).map((name) => (
          <p key={name} class="formula">
            {name} ← {short(last[name][0])} − {short(rate.value)}·∂L/∂{name} = <b>{short(last[name][1])}</b>
          </p>
        ))
      ) : now?.way === 'forward' ? (
        <Forward name={now.name} />
      ) : now ? (
        <Back name={now.name} />
      ) : (
        <p>{text.given}</p>
      )}
    </div>
  );
}
