// The npm package as a user gets it: packed, then installed into an empty folder.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { at } from '../../scripts/run.mjs';

const npm = (cwd, ...args) =>
  execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** Packs `dist/npm` and installs it. Returns the folder, the tarball's file names, and how to clean up. */
export function installPacked() {
  const folder = mkdtempSync(join(tmpdir(), 'mapling-'));
  const [{ filename, files }] = JSON.parse(
    npm(at('dist/npm'), 'pack', '--json', '--pack-destination', folder),
  );
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  npm(folder, 'install', '--prefer-offline', '--no-audit', '--no-fund', `./${filename}`);
  return {
    folder,
    files: files.map(({ path }) => path),
    write: (name, text) => writeFileSync(join(folder, name), text),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
