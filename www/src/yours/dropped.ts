/** What was dropped on the page: digits, folders of them, or a network. */
import { takeFiles } from '../state/files';
import { dispatch } from '../state/session';
import { takeFolders } from './folder';
import { bring } from './models';

/** Files of a network, which takes the place of the page's. */
const MODEL = /\.(keras|h5|safetensors|checkpoint|json)$/i;

export function take(files: File[], entries: readonly FileSystemEntry[]): void {
  if (entries.some(({ isDirectory }) => isDirectory)) void takeFolders(entries);
  else if (files.some(({ name }) => MODEL.test(name)))
    bring(files, (now) => dispatch({ type: 'noticed', notice: { kind: 'brought', now } }));
  else takeFiles(files);
}
