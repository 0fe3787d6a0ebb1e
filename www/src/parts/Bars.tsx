import { guess, reading } from '../state/drawing';
import { words } from '../words';

/** Ten bars, one for each digit. */
export function Bars() {
  const probabilities = reading.value?.probabilities;
  const best = guess.value?.digit;
  const text = words.value.reading;
  return (
    <ol class="bars" data-part="bars" aria-label={text.bars}>
      {Array.from({ length: 10 }, (_, digit) => {
        const share = probabilities?.[digit] ?? 0;
        return (
          <li
            key={digit}
            class={digit === best ? 'best' : undefined}
            data-value={share}
            data-tip={probabilities ? text.bar(digit, share) : undefined}
          >
            <span class="bar-digit">{digit}</span>
            <span class="bar-track">
              <span class="bar-fill" style={{ transform: `scaleX(${share})` }} />
            </span>
            <span class="bar-share">{probabilities ? Math.round(share * 100) : ''}</span>
          </li>
        );
      })}
    </ol>
  );
}
