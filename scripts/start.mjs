// `npm start`: from a fresh clone to the page in a browser. `-- --dev` serves the sources and reloads on
// change; `-- --port 8080` picks the port; `-- --open` opens the page in the browser.
//
// The page needs one variant of the module. It is served as soon as that one is there, and the others are built
// meanwhile, in what time the page leaves to them. Until then the page computes with one thread, and says why. Lessons
// compute with the package's module, which comes next: one that is opened before it says so. The package's module with
// threads, for networks on the page that take all of mapling, comes last.
import { parseArgs } from 'node:util';
import {
  addToSite,
  buildForSite,
  buildSite,
  buildVariant,
  compileVariant,
  removeVariant,
  staleVariants,
  staleWholes,
} from './build.mjs';
import { mnist } from './mnist.mjs';
import { at, main } from './run.mjs';
import { rust, setup } from './setup.mjs';

const began = performance.now();
const say = (text) =>
  console.log(`${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s  ${text}`);

/** The variant that every browser runs. */
const FIRST = 'mapling';

/** The package's modules, by what the site calls them, in words. */
const wholeNames = { whole: 'The module of the lessons', whole_threads: 'All of mapling with threads' };

async function serve({ dev, port, open }) {
  const { createServer, preview } = await import('vite');
  const options = { configFile: at('www/vite.config.ts'), logLevel: 'warn' };
  const address = { host: '127.0.0.1', port, open };
  const server = dev
    ? await (await createServer({ ...options, server: address })).listen()
    : await preview({ ...options, preview: address });
  say(`mapling is at ${server.resolvedUrls.local[0]}  (Ctrl+C stops it)`);
}

main(async () => {
  const { values } = parseArgs({
    options: {
      dev: { type: 'boolean', default: false },
      open: { type: 'boolean', default: false },
      port: { type: 'string' },
    },
  });
  const port = Number(values.port ?? process.env.PORT ?? 5173);
  // What works for us ends with us.
  process.once('SIGTERM', () => process.exit(143));

  await rust();
  const stale = staleVariants();
  if (stale.includes(FIRST)) say('Building the module (once; this takes a minute or two)');
  const [hasMnist] = await Promise.all([
    mnist(),
    setup(),
    // Beside what the set-up does; then its output is there for `buildVariant`.
    stale.includes(FIRST) && compileVariant(FIRST, { place: 'page' }),
  ]);
  if (!hasMnist) console.warn('The page will train on digits that it draws itself.');
  if (stale.includes(FIRST)) await buildVariant(FIRST, { place: 'page' });

  const variants = stale.filter((name) => name !== FIRST);
  for (const name of variants) removeVariant(name);
  const wholes = staleWholes();
  const later = [
    ...wholes.filter((name) => name === 'whole'),
    ...variants,
    ...wholes.filter((name) => name !== 'whole'),
  ];
  // Read by www/vite.config.ts.
  process.env.MAPLING_LATER = later.join(' ');
  if (!values.dev) await buildSite({ later });
  await serve({ ...values, port });

  for (const name of later) {
    const what = wholeNames[name] ?? `The variant \`${name}\``;
    try {
      await buildForSite(name, { quiet: true, idle: true });
      if (!values.dev) addToSite(name);
      say(
        `${what} is there: ${name === 'whole' ? 'lessons compute' : 'the page finds it when it is loaded again'}`,
      );
    } catch (error) {
      console.warn(`${what} is not there: ${error.message}`);
    }
  }
});
