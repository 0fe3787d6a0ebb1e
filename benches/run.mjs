// `npm run bench`: how fast mapling is on this machine. `npm run bench -- --help` says what can be chosen.
import { parseArgs } from 'node:util';
import { buildPackage, buildWasm } from '../scripts/build.mjs';
import { mnist } from '../scripts/mnist.mjs';
import { main } from '../scripts/run.mjs';
import { setup } from '../scripts/setup.mjs';
import * as kernels from './kernels.mjs';
import * as peers from './peers.mjs';
import * as steps from './steps.mjs';
import { workloads } from './workloads.mjs';

const help = `npm run bench -- [kernels] [steps] [peers]   which parts; default: all
  --rounds N       how often everything is measured
  --only W1,gemm   only these workloads, only kernels whose names contain one of these words
  --python L=VENV  with the peers, also Python's library L (jax, torch or keras) from a virtual environment
  --in node,...    only in these of: native, node, chromium, firefox`;

const everywhere = ['native', 'node', 'chromium', 'firefox'];

const suites = {
  kernels: {
    run: ({ rounds = 15, parts, ...others }) => kernels.kernels({ rounds, parts, ...others }),
    show: kernels.show,
  },
  steps: {
    needsPackage: true,
    run: ({ rounds = 3, ...others }) => steps.steps({ rounds, ...others }),
    show: steps.show,
  },
  peers: {
    needsPackage: true,
    run: ({ rounds = 3, ...others }) => peers.peers({ rounds, ...others }),
    show: peers.show,
  },
};

/** One line at a time, on a terminal. */
function report(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

function chosen() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string' },
      only: { type: 'string' },
      in: { type: 'string' },
      python: { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean' },
    },
  });
  const unknown = positionals.find((name) => !(name in suites));
  if (unknown) throw new Error(`there is no part ${unknown}; there are: ${Object.keys(suites).join(', ')}`);
  const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
  if (rounds !== undefined && !(Number.isInteger(rounds) && rounds > 0)) {
    throw new Error(`--rounds: expected a whole number from 1, got ${values.rounds}`);
  }
  const words = values.only?.split(',') ?? [];
  const where = values.in?.split(',') ?? everywhere;
  const nowhere = where.find((name) => !everywhere.includes(name));
  if (nowhere) throw new Error(`--in: there is no ${nowhere}; there are: ${everywhere.join(', ')}`);
  return {
    help: values.help,
    parts: positionals.length > 0 ? positionals : Object.keys(suites),
    settings: {
      rounds,
      where,
      python: peers.environments(values.python),
      parts: words.filter((word) => !(word in workloads)),
      names: Object.keys(workloads).filter((name) => words.length === 0 || words.includes(name)),
      report,
    },
  };
}

main(async () => {
  const { help: helpWanted, parts, settings } = chosen();
  if (helpWanted) return console.log(help);
  const browsers = settings.where.some((name) => name === 'chromium' || name === 'firefox');
  await setup({ tests: browsers });
  if (parts.some((part) => suites[part].needsPackage)) {
    if (!(await mnist())) throw new Error('the benchmark needs MNIST');
    await buildWasm();
    await buildPackage();
  }
  for (const part of parts) {
    const result = await suites[part].run(settings);
    report('');
    console.log(`\n${suites[part].show(result)}`);
  }
});
