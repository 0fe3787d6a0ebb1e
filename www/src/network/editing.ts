/** The editor of networks, which comes once somebody opens it. */
import { signal } from '@preact/signals';
import { told } from '../state/step-told';
import { fail } from '../state/trainer';

type Editing = typeof import('./Editor');

export const editor = signal<Editing | null>(null);

/** Whether the editor is open. */
export const isEditing = () => editor.value?.isOpen() ?? false;

export function openEditor(): void {
  // Where columns are not side by side, what a step did is told in a sheet that would lie over the editor.
  if (matchMedia('(max-width: 73.6875em)').matches) told.value = null;
  void import('./Editor').then((module) => {
    editor.value = module;
    module.open();
  }, fail);
}
