// `npm run bench`: how fast mapling is on this machine. `npm run bench -- --help` says what can be chosen.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { buildPackage, buildWasm } from '../scripts/build.mjs';
import { mnist } from '../scripts/mnist.mjs';
import { main } from '../scripts/run.mjs';
import { setup } from '../scripts/setup.mjs';
import * as kernels from './kernels.mjs';
import * as peers from './peers.mjs';
import { machine, write } from './results.mjs';
import * as scaling from './scaling.mjs';
import * as steps from './steps.mjs';
import { workloads } from './workloads.mjs';

const help = `npm run bench -- [kernels] [steps] [peers] [scaling]   some parts; without a name, all of them
  --rounds N        how often everything is measured (default: 15 for kernels, 3 for the others)
  --only W1,gemm    only these workloads; of the kernels those whose names contain one of these words
  --in node,native  only in these of: native, node, chromium, firefox
  --python L=VENV   beside the peers, Python's library L (jax, torch or keras) in a virtual environment; may be repeated
  --json FILE       also writes the figures to this file
  --write           replaces the tables in benches/RESULTS.md and the figures in benches/results.json`;

const everywhere = ['native', 'node', 'chromium', 'firefox'];

/** The parts; those with `trains` need the package and MNIST, in pages also the package's `modules` for them. */
const suites = {
  kernels: {
    title: 'Kernels beside the multiply-add peak of the same engine',
    rounds: 15,
    run: kernels.kernels,
    show: kernels.show,
  },
  steps: {
    title: 'Training steps in each engine',
    rounds: 3,
    trains: true,
    modules: ['fast'],
    run: steps.steps,
    show: steps.show,
  },
  peers: {
    title: 'mapling and its peers, side by side',
    rounds: 3,
    trains: true,
    needs: 'chromium',
    modules: ['fast'],
    run: peers.peers,
    show: peers.show,
  },
  scaling: {
    title: 'How the cost of a sample grows',
    rounds: 3,
    trains: true,
    modules: ['threads'],
    run: scaling.scaling,
    show: scaling.show,
  },
};

/** One line at a time, on a terminal. */
function report(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

function among(known, given, what) {
  const unknown = given.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new Error(`${what}: there is no ${unknown}; there are: ${known.join(', ')}`);
  return given;
}

function settings() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string' },
      only: { type: 'string' },
      in: { type: 'string' },
      python: { type: 'string', multiple: true, default: [] },
      json: { type: 'string' },
      write: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  const named = among(Object.keys(suites), positionals, 'npm run bench');
  const where = among(everywhere, values.in?.split(',') ?? everywhere, '--in');
  const possible = Object.keys(suites).filter((part) => where.includes(suites[part].needs ?? where[0]));
  const impossible = named.find((part) => !possible.includes(part));
  if (impossible) throw new Error(`--in: ${impossible} needs ${suites[impossible].needs}`);
  if (values.rounds !== undefined && !/^[1-9]\d*$/.test(values.rounds)) {
    throw new Error(`--rounds: expected a whole number from 1, got ${values.rounds}`);
  }
  const words = values.only?.split(',') ?? [];
  const names = Object.keys(workloads).filter((name) => words.length === 0 || words.includes(name));
  return {
    ...values,
    parts: named.length > 0 ? named : possible,
    chosen: {
      where,
      names,
      words: words.filter((word) => !(word in workloads)),
      python: peers.environments(values.python),
      report,
    },
    rounds: values.rounds && Number(values.rounds),
  };
}

main(async () => {
  const { help: wanted, parts, chosen, rounds, json, write: keep } = settings();
  if (wanted) return console.log(help);
  const inBrowser = chosen.where.some((name) => name === 'chromium' || name === 'firefox');
  await setup({ tests: inBrowser });
  if (parts.some((part) => suites[part].trains)) {
    if (!(await mnist())) throw new Error('the benchmark needs MNIST');
    const modules = inBrowser ? parts.flatMap((part) => suites[part].modules ?? []) : [];
    await buildWasm({ fresh: ['mapling', ...modules] });
    await buildPackage();
  }
  const results = {};
  for (const part of parts) {
    const { title, run, show, rounds: usual } = suites[part];
    const conditions = { ...machine(), rounds: rounds ?? usual };
    const result = await run({ ...chosen, rounds: conditions.rounds });
    results[part] = { machine: conditions, result };
    report('');
    console.log(`\n${title}\n\n${show(result)}`);
  }
  if (json) writeFileSync(json, `${JSON.stringify(results, null, 1)}\n`);
  if (keep) write(results, suites);
});
