import { clear, undo } from './drawing';
import { hasOwnNetwork, lesson, lessonKeys } from './lesson';
import { play, stopForNow } from './open';
import { status } from './session';
import { reset, step } from './training';

const actions: Record<string, () => void> = {
  ' ': () => (status.value === 'training' ? stopForNow() : play()),
  s: step,
  r: reset,
  c: clear,
  Escape: clear,
  z: undo,
};

/** The page's keys. They keep quiet where a control has a use of its own for them. */
export function listenToKeys(): () => void {
  const listen = (event: KeyboardEvent) => {
    const at = event.target as HTMLElement;
    const undoing = event.key === 'z' && (event.ctrlKey || event.metaKey) && !event.shiftKey;
    if ((event.ctrlKey || event.metaKey || event.altKey) && !undoing) return;
    if (event.repeat && event.key !== 's') return;
    if (at.closest('input, select, textarea, dialog')) return;
    if (event.key === ' ' && at.closest('button, a, summary, label')) return;
    // A lesson with a network of its own has keys of its own: the digits are out of sight.
    const isOwn = lesson.value !== null && hasOwnNetwork(lesson.value);
    const action = (isOwn ? lessonKeys.value : actions)[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  };
  addEventListener('keydown', listen);
  return () => removeEventListener('keydown', listen);
}
