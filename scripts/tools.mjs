// Bundlers, runtimes and test runners that the packed package is tried in, and what makes the API's pages. Each is installed
// by npm, in the version named here, into a folder of its own outside the checkout, where the next clone finds it; none is
// a dependency of ours.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { cache } from './cache.mjs';
import { isMain } from './run.mjs';

const tools = {
  vite6: { vite: '6.4.6' },
  vite7: { vite: '7.3.8' },
  vite8: { vite: '8.3.8' },
  webpack: { webpack: '5.113.0' },
  esbuild: { esbuild: '0.28.2' },
  next: { next: '16.4.6', react: '19.3.1', 'react-dom': '19.3.1' },
  jest: { jest: '30.5.2', 'jest-environment-jsdom': '30.5.2' },
  deno: { deno: '2.9.6' },
  bun: { bun: '1.4.5' },
  // The compiler that the API's pages are made with takes an older TypeScript than ours.
  typedoc: { typedoc: '0.28.20', typescript: '5.9.3' },
};

/** The folder that holds a tool; installs it if it is not there. */
export function toolFolder(name) {
  const dependencies = tools[name];
  const sum = createHash('sha256').update(JSON.stringify(dependencies)).digest('hex').slice(0, 8);
  const folder = join(cache, `npm-${name}-${sum}`);
  if (existsSync(folder)) return folder;
  console.log(`# installing ${Object.entries(dependencies).map((entry) => entry.join('@'))}`);
  // Beside its place and moved there, so that nothing half done looks whole.
  mkdirSync(cache, { recursive: true });
  const building = mkdtempSync(`${folder}.building-`);
  try {
    writeFileSync(join(building, 'package.json'), JSON.stringify({ private: true, dependencies }));
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline'], {
      cwd: building,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    if (!existsSync(folder)) renameSync(building, folder);
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
  return folder;
}

/** What a tool's package exports to `require`. */
export const requireTool = (tool, name = tool) => createRequire(join(toolFolder(tool), 'any.js'))(name);

/** The address of a file of a tool's, to be imported or run. */
export const toolFile = (tool, ...path) => join(toolFolder(tool), 'node_modules', ...path);

// `npm test` installs all of them while other steps run, and so that no two tests do so at once.
if (isMain(import.meta.url)) for (const name of Object.keys(tools)) toolFolder(name);
