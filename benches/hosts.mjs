// Where libraries run: processes of Node, pages in Chromium and Firefox.
//
// A host gives out seats. A seat holds one library (a file of `subjects/`), takes calls of its
// methods, and knows what its processes have computed so far.
import { fork } from 'node:child_process';
import { chromium } from 'playwright-core';
import { at } from '../scripts/run.mjs';
import { options } from '../tests/browser/chromium.mjs';
import { firefox } from '../tests/browser/firefox.mjs';
import { cpuSeconds } from './cpu.mjs';

const page = 'benches/page.html';
const subject = (name) => `/benches/subjects/${name}.mjs`;

async function inNode() {
  return {
    name: `Node ${process.versions.node}`,
    async seat(library, settings = {}) {
      const child = fork(at('benches/subjects/in-node.mjs'), [library, JSON.stringify(settings)]);
      const answer = () =>
        new Promise((resolve, reject) => {
          child.once('message', ({ value, error }) => (error ? reject(new Error(error)) : resolve(value)));
          child.once('exit', (code) => reject(new Error(`${library} ended with code ${code}`)));
        }).finally(() => child.removeAllListeners());
      await answer();
      return {
        cpu: () => cpuSeconds(child.pid),
        call(method, ...args) {
          child.send([method, ...args]);
          return answer();
        },
        close: () => child.kill(),
      };
    },
    close() {},
  };
}

async function inChromium(origin) {
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
        cpu: () => cpuSeconds(pid),
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
        cpu: () => cpuSeconds(browser.pid),
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
