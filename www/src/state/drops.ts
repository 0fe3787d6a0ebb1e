/** Files that are dropped anywhere on the page. */
import { signal } from '@preact/signals';
import { takeFiles } from './data';

/** Files are over the page at this moment. */
export const isDropNear = signal(false);

/** Files of a network, which take the place of the page's. */
const MODEL = /\.(keras|h5|safetensors|checkpoint|json)$/i;

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
    if (entries.some(({ isDirectory }) => isDirectory))
      void import('../yours/folder').then(({ takeFolders }) => takeFolders(entries));
    else if (given.some(({ name }) => MODEL.test(name)))
      void import('../yours/models').then(({ bring }) => bring(given));
    else takeFiles(given);
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
