// Folders for programs that use the packed package with a tool.
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toolFolder } from '../../scripts/tools.mjs';

/**
 * A folder for a program that uses the packed package, with a tool's packages in reach: it lies in the tool's folder.
 * `installed` is what `installPacked` gave, `files` are texts by name.
 */
export function project(tool, installed, files) {
  const folder = mkdtempSync(join(toolFolder(tool), 'project-'));
  cpSync(join(installed.folder, 'node_modules', 'mapling'), join(folder, 'node_modules', 'mapling'), {
    recursive: true,
  });
  const write = (name, text) => {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  write('package.json', '{ "private": true, "type": "module" }\n');
  for (const [name, text] of Object.entries(files)) write(name, text);
  return { folder, write, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
