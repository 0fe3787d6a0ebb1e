/** Files that are dropped anywhere on the page. */
import { signal } from '@preact/signals';
import { dispatch } from './session';
import { messageOf } from './trainer';

/** Files are over the page at this moment. */
export const isDropNear = signal(false);

const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

/** Begins to take them; what comes back ends that. */
export function listenToDrops(): () => void {
  const onOver = (event: DragEvent) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    isDropNear.value = true;
  };
  const onLeave = (event: DragEvent) => {
    if (event.relatedTarget === null) isDropNear.value = false;
  };
  const onDrop = (event: DragEvent) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    isDropNear.value = false;
    const given = [...(event.dataTransfer?.files ?? [])];
    // What was dropped is known during the event only.
    const entries = [...(event.dataTransfer?.items ?? [])].flatMap((item) => item.webkitGetAsEntry?.() ?? []);
    import('../yours/dropped').then(
      ({ take }) => take(given, entries),
      (failure) =>
        dispatch({
          type: 'noticed',
          notice: { kind: 'refused', refusal: undefined, detail: messageOf(failure) },
        }),
    );
  };
  addEventListener('dragover', onOver);
  addEventListener('dragleave', onLeave);
  addEventListener('drop', onDrop);
  return () => {
    removeEventListener('dragover', onOver);
    removeEventListener('dragleave', onLeave);
    removeEventListener('drop', onDrop);
  };
}
