// `npm start`: from a fresh clone to the page in a browser. `-- --dev` serves the sources and reloads on
// change; `-- --port 8080` picks the port.
import { parseArgs } from 'node:util';
import { build, buildWasm } from './build.mjs';
import { mnist } from './mnist.mjs';
import { at, main } from './run.mjs';
import { setup } from './setup.mjs';

main(async () => {
  const { values } = parseArgs({
    options: { dev: { type: 'boolean', default: false }, port: { type: 'string' } },
  });
  const port = Number(values.port ?? process.env.PORT ?? 5173);
  await setup();
  if (!(await mnist())) console.warn('The page will train on digits that it draws itself.');
  if (values.dev) await buildWasm({ fresh: ['mapling'] });
  else await build();

  const { createServer, preview } = await import('vite');
  const options = { configFile: at('www/vite.config.ts'), logLevel: 'warn' };
  const address = { host: '127.0.0.1', port };
  const server = values.dev
    ? await (await createServer({ ...options, server: address })).listen()
    : await preview({ ...options, preview: address });
  console.log(`\nmapling is at ${server.resolvedUrls.local[0]}  (Ctrl+C stops it)`);
});
