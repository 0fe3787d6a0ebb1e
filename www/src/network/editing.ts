/** The editor of networks, which comes once somebody opens it. */
import { signal } from '@preact/signals';
import { fail } from '../state/trainer';

type Editing = typeof import('./Editor');

export const editor = signal<Editing | null>(null);

/** Whether the editor is open. */
export const isEditing = () => editor.value?.isOpen() ?? false;

export function openEditor(): void {
  void import('./Editor').then((module) => {
    editor.value = module;
    module.open();
  }, fail);
}
