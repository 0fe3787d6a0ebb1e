import { STRIP, stripGuesses, testSet } from '../state/testset';
import { words } from '../words';
import { useRoving } from './roving';
import { Tile } from './Tile';

/** The first test digits, turning from wrong to right while the network learns. */
export function Strip() {
  const tiles = useRoving();
  const set = testSet.value;
  const guesses = stripGuesses.value;
  const text = words.value.tests;
  const shown = Math.min(STRIP, set?.labels.length ?? STRIP);
  const right = guesses?.reduce((sum, guess, i) => sum + (guess === set?.labels[i] ? 1 : 0), 0);
  return (
    <div class="strip">
      <div class="strip-head">
        <h3>{text.strip}</h3>
        <span class="chart-note">{right === undefined ? '' : text.stripScore(right, shown)}</span>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form */}
      <div class="tiles strip-tiles" role="group" aria-label={text.strip} {...tiles}>
        {set
          ? Array.from({ length: shown }, (_, i) => <Tile key={i} index={i} guess={guesses?.[i] ?? null} />)
          : Array.from({ length: STRIP }, (_, i) => <span key={i} class="tile empty" />)}
      </div>
    </div>
  );
}
