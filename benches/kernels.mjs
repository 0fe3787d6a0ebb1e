// GFLOP/s of the kernels at the shapes of the workloads, and which share that is of what the engine can do.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { flags, optimise, target, targetFolder } from '../scripts/build.mjs';
import { run } from '../scripts/run.mjs';
import { hosts } from './hosts.mjs';
import { measure } from './kernels/measure.mjs';
import { site } from './site.mjs';
import { table } from './statistics.mjs';

const crate = ['-p', 'mapling-kernels'];
const wasm = 'kernels.wasm';

/** Builds the cases for these engines; returns the folder that holds the module, and the program. */
async function build(engines) {
  const folder = targetFolder();
  const release = join(folder, target, 'release');
  if (engines.includes('native')) await run('cargo', ['build', '--release', ...crate], { quiet: true });
  if (engines.some((engine) => engine !== 'native')) {
    const args = ['build', '--release', '--lib', '--target', target, ...crate, ...flags()];
    await run('cargo', args, { quiet: true });
    await optimise(join(release, 'mapling_kernels.wasm'), join(release, wasm));
  }
  return { release, program: join(folder, 'release', 'mapling-kernels') };
}

/** Each engine's own way to run the cases. */
const engines = {
  async native({ program }, { rounds, words }) {
    const lines = await quietly(program, [String(rounds), ...words]);
    return { name: 'native', cases: lines.map((line) => JSON.parse(line)) };
  },
  async node({ release }, settings) {
    // Processor time: what other programs take meanwhile does not count.
    const clock = () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1000;
    };
    const cases = await measure(readFileSync(join(release, wasm)), { ...settings, clock });
    return { name: `Node ${process.versions.node}`, cases };
  },
  chromium: (built, settings) => inBrowser('chromium', built, settings),
  firefox: (built, settings) => inBrowser('firefox', built, settings),
};

async function quietly(program, args) {
  const { spawnSync } = await import('node:child_process');
  const { stdout, status } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} failed`);
  return stdout.trim().split('\n');
}

async function inBrowser(which, { release }, settings) {
  const server = await site({ mounts: { '/kernels/': release }, isolated: true });
  const host = await hosts[which](server.origin);
  try {
    const cases = await host.run(`
      const { measure } = await import('/benches/kernels/measure.mjs');
      const bytes = await (await fetch('/kernels/${wasm}')).arrayBuffer();
      const clock = () => performance.now();
      return measure(bytes, { ...${JSON.stringify(settings)}, clock });`);
    return { name: host.name, cases };
  } finally {
    await host.close();
    await server.close();
  }
}

/** `{ engines: [names], cases: [{ name, gflops: [by engine], share: [by engine] }] }`; the first case is the peak. */
export async function kernels({ where, rounds, words, report }) {
  const chosen = Object.keys(engines).filter((name) => where.includes(name));
  const built = await build(chosen);
  const results = [];
  for (const engine of chosen) {
    report(`kernels: ${engine}`);
    results.push(await engines[engine](built, { rounds, words }));
  }
  // Whatever disturbs a measurement makes it longer, so the best round tells most.
  const speeds = results.map(({ cases }) =>
    cases.map(({ flops, seconds }) => flops / Math.min(...seconds) / 1e9),
  );
  return {
    engines: results.map(({ name }) => name),
    cases: results[0].cases.map(({ name }, index) => ({
      name,
      gflops: speeds.map((speed) => speed[index]),
      share: speeds.map((speed) => speed[index] / speed[0]),
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
