/** Folders that are dropped on the page: the files in them, with their paths. */
import { ask } from '../state/data';
import { takeFiles } from '../state/files';
import { dispatch } from '../state/session';
import { messageOf } from '../state/trainer';

/** No set of digits has more: beyond that, a whole disk was dropped. */
const MOST = 100_000;

/** All that a folder holds; the browser tells of it piece by piece. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return all;
    all.push(...some);
  }
}

/** Takes all files of what was dropped. A folder that is gone, or that nobody may read, is refused. */
export async function takeFolders(dropped: readonly FileSystemEntry[]): Promise<void> {
  const file = dropped.map(({ name }) => name).join(', ');
  try {
    await takeAll(dropped);
  } catch (failure) {
    const refusal = { why: 'unreadable', file } as const;
    dispatch({ type: 'noticed', notice: { kind: 'refused', refusal, detail: messageOf(failure) } });
  }
}

async function takeAll(dropped: readonly FileSystemEntry[]): Promise<void> {
  const number = ask();
  const waiting = [...dropped];
  const [files, paths]: [File[], string[]] = [[], []];
  while (waiting.length > 0 && files.length < MOST) {
    const entry = waiting.pop()!;
    if (entry.isDirectory) waiting.push(...(await entriesOf(entry as FileSystemDirectoryEntry)));
    else {
      const file = await new Promise<File>((resolve, reject) =>
        (entry as FileSystemFileEntry).file(resolve, reject),
      );
      files.push(file);
      paths.push(entry.fullPath.replace(/^\//, ''));
    }
  }
  takeFiles(files, paths, 'by name', number);
}
