// GFLOP/s of the kernels at the shapes of the workloads, and which share that is of what the engine can do.
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { flags, relaxedSimd, target, targetFolder } from '../scripts/build.mjs';
import { optimise } from '../scripts/optimise.mjs';
import { run } from '../scripts/run.mjs';
import { hosts } from './hosts.mjs';
import { measure } from './kernels/measure.mjs';
import { site } from './site.mjs';
import { table } from './statistics.mjs';

const crate = ['-p', 'mapling-kernels'];

/** The builds of the module, by mode. */
const modes = { exact: {}, fast: { relaxed: true } };
const fileOf = (mode) => `kernels-${mode}.wasm`;

/** Builds the module in this mode, as the package's modules are built, into `folder`. */
async function buildModule(mode, folder) {
  const variant = modes[mode];
  const into = mode === 'exact' ? targetFolder() : join(targetFolder(), mode);
  const args = ['build', '--release', '--lib', '--target', target, '--target-dir', into, ...crate];
  await run('cargo', [...args, ...flags({}, variant.relaxed ? [relaxedSimd] : [])], { quiet: true });
  mkdirSync(folder, { recursive: true });
  const file = join(folder, fileOf(mode));
  copyFileSync(join(into, target, 'release/mapling_kernels.wasm'), file);
  await optimise(file, variant);
}

/** Each engine's own way to run the cases: `[{ name, cases }]`. */
const engines = {
  async native(_, { rounds, words }) {
    await run('cargo', ['build', '--release', ...crate], { quiet: true });
    const program = join(targetFolder(), 'release', 'mapling-kernels');
    const lines = await run(program, [String(rounds), ...words], { quiet: true });
    return [{ name: 'native', cases: lines.trim().split('\n').map(JSON.parse) }];
  },
  async node(folder, settings) {
    // Processor time: what other programs take meanwhile does not count.
    const clock = () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1000;
    };
    await buildModule('exact', folder);
    const cases = await measure(readFileSync(join(folder, fileOf('exact'))), { ...settings, clock });
    return [{ name: `Node ${process.versions.node}`, cases }];
  },
  chromium: (folder, settings) => inBrowser('chromium', folder, settings),
  firefox: (folder, settings) => inBrowser('firefox', folder, settings),
};

async function inBrowser(which, folder, settings) {
  for (const mode of Object.keys(modes)) await buildModule(mode, folder);
  const server = await site({ mounts: { '/kernels/': folder }, isolated: true });
  const host = await hosts[which](server.origin);
  const inMode = async (mode) => {
    const cases = await host.run(`
      const { measure } = await import('/benches/kernels/measure.mjs');
      const bytes = await (await fetch('/kernels/${fileOf(mode)}')).arrayBuffer();
      const clock = () => performance.now();
      return measure(bytes, { ...${JSON.stringify(settings)}, clock });`);
    return { name: mode === 'exact' ? host.name : `${host.name}, ${mode}`, cases };
  };
  try {
    return [await inMode('exact'), await inMode('fast')];
  } finally {
    await host.close();
    await server.close();
  }
}

/** `{ engines: [names], cases: [{ name, gflops: [by engine], share: [by engine] }] }`; the first case is the peak. */
export async function kernels({ where, rounds, words, report }) {
  const folder = join(targetFolder(), 'kernels');
  const results = [];
  for (const engine of Object.keys(engines).filter((name) => where.includes(name))) {
    report(`kernels: ${engine}`);
    results.push(...(await engines[engine](folder, { rounds, words })));
  }
  // Whatever disturbs a measurement makes it longer, so the best round tells most.
  const speeds = results.map(({ cases }) =>
    cases.map(({ flops, seconds }) => flops / Math.min(...seconds) / 1e9),
  );
  return {
    engines: results.map(({ name }) => name),
    cases: results[0].cases.map(({ name }, index) => ({
      name,
      gflops: speeds.map((speed) => Number(speed[index].toFixed(2))),
      share: speeds.map((speed) => Number((speed[index] / speed[0]).toFixed(3))),
    })),
  };
}

export const show = ({ engines, cases }) =>
  table(
    ['GFLOP/s (share of the peak)', ...engines],
    cases.map(({ name, gflops, share }) => [
      name,
      ...gflops.map(
        (speed, at) => `${speed.toFixed(1)} (${String(Math.round(100 * share[at])).padStart(3)} %)`,
      ),
    ]),
  );
