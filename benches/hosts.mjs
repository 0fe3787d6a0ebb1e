// Where libraries run: pages in Chromium and Firefox, processes of Node and Python.
//
// A host gives out seats. A seat holds one library (a file of `subjects/`), takes calls of its methods, and has the
// `pid` of the process whose processor time, with all its children's, is the library's.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { folder as mnistFolder } from '../scripts/mnist.mjs';
import { at } from '../scripts/run.mjs';
import { firefox } from '../tests/browser/firefox.mjs';

const page = 'benches/page.html';
const subject = (name) => `/benches/subjects/${name}.mjs`;

/** A program that answers calls over Node's channel to its children, and first says that it is ready. */
async function programSeat(command, args) {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  // Libraries chat there; it matters only when they end.
  let last = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    last = text.trim().split('\n').at(-1);
  });
  const answer = () =>
    new Promise((resolve, reject) => {
      child.once('message', ({ value, error }) => (error ? reject(new Error(error)) : resolve(value)));
      child.once('error', (error) => reject(new Error(`${command} does not start: ${error.message}`)));
      child.once('exit', (code) => reject(new Error(`${command} ended with code ${code}: ${last}`)));
    }).finally(() => child.removeAllListeners());
  const ready = await answer();
  return {
    ready,
    pid: child.pid,
    call(method, ...args) {
      child.send([method, ...args]);
      return answer();
    },
    close: () => child.kill(),
  };
}

/** A library of Python, from a virtual environment; `ready` is its name. */
export const pythonSeat = (venv, library, ...options) =>
  programSeat(join(venv, 'bin/python'), [at(`benches/native/with_${library}.py`), mnistFolder, ...options]);

async function inNode() {
  return {
    name: `Node ${process.versions.node}`,
    seat: (library, settings = {}) =>
      programSeat(process.execPath, [at('benches/subjects/in-node.mjs'), library, JSON.stringify(settings)]),
    close() {},
  };
}

async function inChromium(origin) {
  // Not imported above: on a fresh clone they are there only once everything is set up.
  const { chromium } = await import('playwright-core');
  const { options } = await import('../tests/browser/chromium.mjs');
  const server = await chromium.launchServer(options());
  const browser = await chromium.connect(server.wsEndpoint());
  const { pid } = server.process();
  const open = async () => {
    const tab = await browser.newPage();
    tab.setDefaultTimeout(0);
    await tab.goto(`${origin}/${page}`);
    return tab;
  };
  return {
    name: `Chromium ${browser.version()}`,
    async seat(library, settings = {}) {
      const tab = await open();
      await tab.evaluate(
        async ([file, settings]) => {
          const { create } = await import(file);
          globalThis.seat = await create(settings);
        },
        [subject(library), settings],
      );
      return {
        pid,
        // Only the message of an error is of interest, not where playwright called.
        async call(method, ...args) {
          const { value, error } = await tab.evaluate(
            ([method, args]) =>
              globalThis.seat[method](...args).then(
                (value) => ({ value }),
                (error) => ({ error: String(error?.message ?? error) }),
              ),
            [method, args],
          );
          if (error) throw new Error(error);
          return value;
        },
        close: () => tab.close(),
      };
    },
    async run(body) {
      const tab = await open();
      return tab.evaluate(`(async () => { ${body} })()`).finally(() => tab.close());
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

async function inFirefox(origin) {
  const browser = await firefox();
  await browser.open(`${origin}/${page}`);
  const agent = await browser.run('return navigator.userAgent;');
  return {
    name: agent.match(/Firefox\/[\d.]+/)[0].replace('/', ' '),
    async seat(library, settings = {}) {
      await browser.open(`${origin}/${page}`);
      await browser.run(`
        const { create } = await import(${JSON.stringify(subject(library))});
        window.seat = await create(${JSON.stringify(settings)});`);
      return {
        pid: browser.pid,
        async call(method, ...args) {
          return browser
            .run(`return window.seat[${JSON.stringify(method)}](...${JSON.stringify(args)});`)
            .catch((error) => {
              throw new Error(error.message.replace(/^Error: /, ''));
            });
        },
        close() {},
      };
    },
    run: browser.run,
    close: browser.close,
  };
}

/** Starts a host by name; browsers open pages of `origin`. */
export const hosts = { node: inNode, chromium: inChromium, firefox: inFirefox };
