import { useSignal } from '@preact/signals';
import { useRoving } from '../parts/roving';
import { Tile } from '../parts/Tile';
import { nameOf } from '../state/classes';
import { focusCell, seenEvaluation, shownDigits } from '../state/testset';
import { words } from '../words';
import { laterWords } from './words';

const PAGE = 96;

/** The mistakes, or one cell of the confusion matrix. */
export function Mistakes() {
  const most = useSignal(PAGE);
  const tiles = useRoving();
  const text = laterWords.value.mistakes;
  const all = shownDigits.value;
  const shown = all.slice(0, most.value);
  const cell = focusCell.value;
  const guesses = seenEvaluation.value?.predicted;
  return (
    <section class="mistakes" aria-labelledby="mistakes-heading">
      <h2 id="mistakes-heading">{text.heading}</h2>
      <p class="lead">
        {guesses
          ? words.value.sentences(
              cell
                ? text.cell(nameOf(cell.label), nameOf(cell.guess), all.length)
                : text.shown(shown.length, all.length),
              text.hint,
            )
          : text.before}{' '}
        {cell && (
          <button
            type="button"
            class="link"
            onClick={() => {
              focusCell.value = null;
            }}
          >
            {text.all}
          </button>
        )}
      </p>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form */}
      <div class="tiles" role="group" aria-label={text.list} {...tiles}>
        {guesses
          ? shown.map((index) => <Tile key={index} index={index} guess={guesses[index]!} />)
          : // They keep the place: nothing moves once there are mistakes to show.
            Array.from({ length: PAGE }, (_, i) => <span key={i} class="tile empty" />)}
        {guesses && all.length === 0 && <p>{text.none}</p>}
      </div>
      {all.length > shown.length && (
        <button
          type="button"
          onClick={() => {
            most.value += PAGE * 2;
          }}
        >
          {text.more}
        </button>
      )}
    </section>
  );
}
