// Firefox through geckodriver: the few words of WebDriver that the tests need.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { browsers } from '../../scripts/browsers.mjs';
import { tool } from '../../scripts/setup.mjs';

const freePort = () =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

/** A headless Firefox that can `open` a page, `run` an async function body in it, and `close`. */
export async function firefox() {
  const { firefox: binary, geckodriver = tool('geckodriver') } = browsers();
  const port = await freePort();
  const driver = spawn(geckodriver, ['--port', String(port), '--log', 'fatal'], { stdio: 'ignore' });
  const call = async (method, path, body) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${value.error}: ${value.message}`);
    return value;
  };
  try {
    for (let tries = 0; ; tries++) {
      try {
        await call('GET', '/status');
        break;
      } catch (error) {
        if (tries === 100) throw error;
        await wait(100);
      }
    }
    const options = { binary, args: ['-headless'] };
    const { sessionId } = await call('POST', '/session', {
      capabilities: { alwaysMatch: { browserName: 'firefox', 'moz:firefoxOptions': options } },
    });
    const session = `/session/${sessionId}`;
    await call('POST', `${session}/timeouts`, { script: 120_000 });
    return {
      /** The process whose children the browser's processes are. */
      pid: driver.pid,
      open: (url) => call('POST', `${session}/url`, { url }),
      /** What the async function body returns; an error inside comes out as an `Error`. */
      async run(body) {
        const script = `
          const done = arguments[arguments.length - 1];
          (async () => { ${body} })().then((value) => done({ value }), (error) => done({ error: String(error) }));`;
        const { value, error } = await call('POST', `${session}/execute/async`, { script, args: [] });
        if (error) throw new Error(error);
        return value;
      },
      async close() {
        await call('DELETE', session).finally(() => driver.kill());
      },
    };
  } catch (error) {
    driver.kill();
    throw error;
  }
}
