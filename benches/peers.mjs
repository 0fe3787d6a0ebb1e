// mapling beside what else a user could take: libraries in the same Chromium, and Python's on the same core.
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cache } from '../scripts/cache.mjs';
import { run } from '../scripts/run.mjs';
import { hosts, pythonSeat } from './hosts.mjs';
import { compare } from './race.mjs';
import * as standings from './standings.mjs';
import { samples } from './steps.mjs';

const versions = {
  '@tensorflow/tfjs': '4.22.0',
  '@tensorflow/tfjs-backend-wasm': '4.22.0',
  '@jax-js/jax': '0.1.25',
  convnetjs: '0.3.0',
};

/** Each library, and how many samples of a workload make a round: what takes about two seconds, one batch at least. */
const libraries = [
  { name: 'mapling', library: 'mapling', samples },
  { name: 'mapling, fast mode', library: 'mapling', settings: { mode: 'fast' }, samples },
  {
    name: `jax-js ${versions['@jax-js/jax']}, wasm`,
    library: 'jaxjs',
    samples: { W1: 60_000, W1b: 60_000, W2: 128, W2b: 60, W3: 2560 },
  },
  {
    name: `TensorFlow.js ${versions['@tensorflow/tfjs']}, wasm`,
    library: 'tfjs',
    settings: { backend: 'wasm' },
    samples: { W1: 6400, W1b: 7680, W2: 128, W2b: 100, W3: 384, W5: 384, W6: 64, W7: 64, W8: 64 },
  },
  {
    name: `ConvNetJS ${versions.convnetjs}, Adadelta`,
    library: 'convnetjs',
    samples: { W1: 3200, W1b: 3840, W2: 128, W2b: 160 },
  },
  {
    name: `TensorFlow.js ${versions['@tensorflow/tfjs']}, plain JavaScript`,
    library: 'tfjs',
    settings: { backend: 'cpu' },
    samples: { W1: 640, W1b: 1536, W2: 128, W2b: 40, W3: 128, W5: 128, W6: 64, W7: 64, W8: 64 },
  },
];

const only = (all, names) => Object.fromEntries(names.map((name) => [name, all[name]]));

/** What can be named with `--python`, each with the options that it is started with and the samples of a round. */
const natives = {
  jax: [
    { options: ['scan'], samples: { W1: 60_000, W1b: 60_000, W3: 60_000 } },
    { options: [], samples: { W1: 60_000, W1b: 60_000, W2: 1280, W2b: 4000, W3: 12_800 } },
  ],
  torch: [{ options: [], samples: only(samples, ['W1', 'W1b', 'W2', 'W2b', 'W3']) }],
  keras: [
    {
      options: [],
      samples: {
        W1: 60_000,
        W1b: 60_000,
        W2: 5120,
        W2b: 8000,
        W3: 25_600,
        W5: 25_600,
        W6: 640,
        W7: 6400,
        W8: 640,
        W9: 160,
      },
    },
  ],
};

/** Installs the libraries once into the user's cache folder; returns the folder that holds them. */
async function install() {
  const packages = Object.entries(versions).map(([name, version]) => `${name}@${version}`);
  const folder = join(cache, `peers-${Object.values(versions).join('-')}`);
  if (existsSync(folder)) return join(folder, 'node_modules');
  console.log(`Installing ${packages.join(', ')} (once)`);
  const building = `${folder}.building-${process.pid}`;
  try {
    mkdirSync(building, { recursive: true });
    const options = ['--prefix', building, '--ignore-scripts', '--no-audit', '--no-fund'];
    await run('npm', ['install', ...options, ...packages], { quiet: true, cwd: building });
    renameSync(building, folder);
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
  return join(folder, 'node_modules');
}

/** `{ jax: folder of a virtual environment }` from `['jax=folder']`. */
export function environments(given) {
  return Object.fromEntries(
    given.map((text) => {
      const [library, venv] = text.split(/=(.*)/);
      if (!(library in natives) || !venv) {
        const known = Object.keys(natives).join(', ');
        throw new Error(`--python: expected LIBRARY=VENV with one of ${known}, got ${text}`);
      }
      return [library, venv];
    }),
  );
}

export const peers = async ({ rounds, names, python, report }) =>
  compare({ names, rounds, report, mounts: { '/peers/': await install() } }, async (origin, open) => {
    const host = await hosts.chromium(origin);
    open.push(host);
    const runners = [];
    for (const { name, library, settings, samples } of libraries) {
      report(`peers: loading ${name}`);
      runners.push({ name, samples, seat: await host.seat(library, settings) });
    }
    for (const [library, venv] of Object.entries(python)) {
      for (const { options, samples } of natives[library]) {
        report(`peers: loading ${library}`);
        const seat = await pythonSeat(venv, library, ...options);
        open.push(seat);
        runners.push({ name: seat.ready, samples, seat });
      }
    }
    return runners;
  });

export const show = (result) => standings.show(result, { baseline: 'mapling' });
