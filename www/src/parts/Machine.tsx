import type { ComponentChildren } from 'preact';
import { type Choice, choose, cores, machine } from '../state/machine';
import { words } from '../words';

interface OfferedProps {
  part: Choice;
  name: string;
  tip: string;
  value: string | number;
  children: ComponentChildren;
}

/** One thing about what computes, and what it may be instead. */
const Offered = ({ part, name, tip, value, children }: OfferedProps) => (
  <label class="field half" data-tip={tip}>
    <span>{name}</span>
    <select
      data-part={part}
      data-value={value}
      value={value}
      onChange={(event) => void choose(part, event.currentTarget.value)}
    >
      {children}
    </select>
  </label>
);

/** What computes, as it is, and the choice of something else. */
export function Machine() {
  const text = words.value.machine;
  const now = machine.value;
  if (!now) return null;
  const notes = now.notes.length > 0 ? ` ${text.notes(now.notes.join('; '))}` : '';
  return (
    <>
      <Offered part="mode" name={text.mode} tip={text.tips.mode} value={now.mode}>
        <option value="exact">{text.exact}</option>
        <option value="fast">{text.fast}</option>
      </Offered>
      <Offered part="threads" name={text.threads} tip={text.tips.threads + notes} value={now.threads}>
        {Array.from({ length: Math.max(cores, now.threads) }, (_, at) => (
          <option key={at} value={at + 1}>
            {at + 1}
          </option>
        ))}
      </Offered>
    </>
  );
}
