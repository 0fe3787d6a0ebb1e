import { choose, cores, machine } from '../state/machine';
import { words } from '../words';

/** What computes, as it is, and the choice of something else. */
export function Machine() {
  const text = words.value.machine;
  const now = machine.value;
  if (!now) return null;
  const notes = now.notes.length > 0 ? ` ${text.notes(now.notes.join('; '))}` : '';
  return (
    <>
      <label class="field half" data-tip={text.tips.mode}>
        <span>{text.mode}</span>
        <select
          data-part="mode"
          data-value={now.mode}
          value={now.mode}
          onChange={(event) => void choose('mode', event.currentTarget.value)}
        >
          <option value="exact">{text.exact}</option>
          <option value="fast">{text.fast}</option>
        </select>
      </label>
      <label class="field half" data-tip={text.tips.threads + notes}>
        <span>{text.threads}</span>
        <select
          data-part="threads"
          data-value={now.threads}
          value={now.threads}
          onChange={(event) => void choose('threads', event.currentTarget.value)}
        >
          {Array.from({ length: Math.max(cores, now.threads) }, (_, at) => (
            <option key={at} value={at + 1}>
              {at + 1}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}
