import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { FIRST_FONT, fonts } from './font/build.ts';
import { serviceWorker } from './offline/build.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** They isolate the page from other origins, without which browsers share no memory between threads. */
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** The font comes with the page, not after its first layout, which it would change. */
const preloadFont: Plugin = {
  name: 'preload-font',
  transformIndexHtml: (_, { bundle = {} }) =>
    Object.keys(bundle)
      .filter((name) => name.startsWith(`assets/${FIRST_FONT}-`) && name.endsWith('.woff2'))
      .map((name) => ({
        tag: 'link',
        injectTo: 'head',
        attrs: { rel: 'preload', as: 'font', type: 'font/woff2', crossorigin: true, href: `./${name}` },
      })),
};

/** Nothing but the page's own files may run or be fetched. WebAssembly is compiled, texts never are. */
const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' data:",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** The served sources need more: what reloads them is written into the page. */
const contentPolicy: Plugin = {
  name: 'content-policy',
  apply: 'build',
  transformIndexHtml: () => [
    {
      tag: 'meta',
      injectTo: 'head-prepend',
      attrs: { 'http-equiv': 'Content-Security-Policy', content: policy },
    },
  ],
};

/** The address that the site will have, for previews of links, which take whole addresses only. */
const home = process.env.MAPLING_HOME?.replace(/\/*$/, '/');
const wholeAddresses: Plugin = {
  name: 'whole-addresses',
  transformIndexHtml: (page) => {
    if (!home) return page;
    const tags = [{ tag: 'meta', injectTo: 'head' as const, attrs: { property: 'og:url', content: home } }];
    return { html: page.replace('content="./preview.png"', `content="${home}preview.png"`), tags };
  },
};

/**
 * What fetches the styles of parts that come later, before their scripts run, but for those that the page begins with
 * (which such parts name too, and a second link would load them and their font again). Vite's own also loads scripts ahead, for
 * engines that the page does not run on, and takes four times as much.
 */
const styleLoader: Plugin = {
  name: 'style-loader',
  apply: 'build',
  enforce: 'pre',
  load: (id) =>
    id === '\0vite/preload-helper.js'
      ? `const begun = {};
for (const { href } of document.querySelectorAll('link[rel=stylesheet]')) begun[href] = 1;
const style = (href) => new Promise((resolve) => {
  const link = document.createElement('link');
  Object.assign(link, { rel: 'stylesheet', href, onload: resolve, onerror: resolve });
  document.head.append(link);
});
export const __vitePreload = async (load, styles = [], from) => {
  await Promise.all(styles.map((name) => {
    const { href } = new URL(name, from);
    return (begun[href] ??= style(href));
  }));
  return load();
};`
      : undefined,
};

/** Where the package is found, as it says itself. */
const { name, repository, homepage } = JSON.parse(readFileSync(at('../js/package.json'), 'utf8'));
const npm = `https://www.npmjs.com/package/${name}`;
const links = {
  source: repository?.url?.replace(/^git\+|\.git$/g, '') ?? `${npm}?activeTab=code`,
  documentation: homepage ?? `${npm}?activeTab=readme`,
  npm,
};

/** The licences of all that the site is made of, in one file of it. */
const licences: Plugin = {
  name: 'licences',
  apply: 'build',
  generateBundle() {
    const texts = [
      ['mapling', '../LICENSE-MIT'],
      ...['preact', '@preact/signals', '@preact/signals-core', 'uplot', 'papaparse', 'idb'].map((part) => [
        part,
        `../node_modules/${part}/LICENSE`,
      ]),
      [
        'Mapling Sans: characters and weights of IBM Plex Sans 3.201, whose name a font that was changed must not bear',
        '../node_modules/@fontsource-variable/ibm-plex-sans/LICENSE',
      ],
    ].map(([part, file]) => `${part}\n\n${readFileSync(at(file!), 'utf8').trim()}\n`);
    const mnist =
      'MNIST\n\nYann LeCun, Corinna Cortes and Christopher J. C. Burges: the MNIST database of handwritten digits, made from\nscans by NIST. Creative Commons Attribution-ShareAlike 3.0 (https://creativecommons.org/licenses/by-sa/3.0/).\n';
    const sentences =
      'The sentences of lesson 6\n\nWritten for this page, in English and in Chinese. CC0 1.0: no rights reserved\n(https://creativecommons.org/publicdomain/zero/1.0/).\n';
    const source = [...texts, mnist, sentences].join(`\n${'-'.repeat(80)}\n\n`);
    this.emitFile({ type: 'asset', fileName: 'licences.txt', source });
  },
};

/** Variants of the module that `npm start` is still building (scripts/start.mjs). */
const later = (process.env.MAPLING_LATER ?? '').split(' ');

/**
 * The page has modules of its own in `www/wasm`, which hold what its worker uses.
 * Modules that are to come the built page looks for in the folder `wasm` of the site, the served sources where they will
 * lie. A page that asks for one too soon is told that it is missing, and goes on with what is there.
 */
const pageModules = (): Plugin => {
  let isBuild = false;
  return {
    name: 'page-modules',
    enforce: 'pre',
    configResolved: ({ command }) => {
      isBuild = command === 'build';
    },
    transform(code, id) {
      if (!/\/js\/engine\/variants\.ts$/.test(id)) return undefined;
      return code.replace(/'\.\.\/wasm\/(\w+?)(_bg\.wasm|\.js)'/g, (address, name: string, kind: string) => {
        if (!isBuild || !later.includes(name)) return `'../../www/wasm/${name}${kind}'`;
        return kind === '.js' ? address : `/* @vite-ignore */ ${address}`;
      });
    },
    resolveId(source) {
      const [, name] = /\/wasm\/(\w+)\.js$/.exec(source) ?? [];
      if (!name || !later.includes(name)) return undefined;
      return isBuild ? { id: `../wasm/${name}.js`, external: true } : at(`wasm/${name}.js`);
    },
  };
};

/** What is added to the names of mapling's files where lessons use them. */
const WHOLE = '?whole';

/** The sources that a module of the package's was built from, as scripts/build.mjs writes them beside it. */
function sourcesOf(name: string): string | undefined {
  const stamp = at(`../js/wasm/.${name}`);
  return existsSync(stamp) ? readFileSync(stamp, 'utf8').split('\n')[1] : undefined;
}

/** The package's modules that the site has, by what they are called there. */
const SITE_NAMES: Readonly<Record<string, string>> = { mapling: 'whole', threads: 'whole_threads' };

const isToCome = (name: string): boolean => later.includes(SITE_NAMES[name] ?? '');

/** The site has the package's exact module, and that with threads unless it is missing or older, and nobody builds it. */
const isInSite = (name: string): boolean =>
  name === 'mapling' ||
  isToCome(name) ||
  (name === 'threads' &&
    !isToCome('mapling') &&
    sourcesOf('threads') !== undefined &&
    sourcesOf('threads') === sourcesOf('mapling'));

/** The threads of the worker with all of mapling begin with a script of their own, which knows its modules. */
const WHOLE_CREW = '../../www/src/lessons/laboratory/whole-crew.ts';

/** Whether the sources are served as they are: what is built then lies where the build puts it, under its own name. */
let isServed = false;

/**
 * Lessons compute in the page's own thread, with all of mapling: the package's exact module. Its files are other ones than
 * those that the page begins with, so that the page's beginning stays as small as it is. Modules that are still being
 * built are looked for in the folder `wasm` of the site, where they are called `whole` and `whole_threads`. The page's own
 * network, where it takes all of mapling, trains with threads.
 */
const wholeLibrary: Plugin = {
  name: 'whole-library',
  enforce: 'pre',
  configResolved: ({ command }) => {
    isServed = command === 'serve';
  },
  resolveId(source, importer) {
    if (source === 'mapling') return at('../js/index.ts') + WHOLE;
    if (!importer?.endsWith(WHOLE) || !/^\.\.?\//.test(source)) return undefined;
    const file = fileURLToPath(new URL(source, pathToFileURL(importer.slice(0, -WHOLE.length))));
    return file.includes('/js/wasm/') ? file : file.replace(/\.js$/, '.ts') + WHOLE;
  },
  transform(code, id) {
    if (id.endsWith(`/js/engine/crew.ts${WHOLE}`))
      return code.replace("new URL('./crew-worker.js'", `new URL('${WHOLE_CREW}'`);
    if (!id.endsWith(`/js/engine/variants.ts${WHOLE}`)) return undefined;
    const glue = /(?<!typeof )import\('\.\.\/wasm\/(\w+)\.js'\)/g;
    const wasm = /new URL\('\.\.\/wasm\/(\w+)_bg\.wasm', import\.meta\.url\)/g;
    const site = "new URL(/* @vite-ignore */ '../wasm/', import.meta.url)";
    const there = (name: string) => (isServed ? name : SITE_NAMES[name]);
    return code
      .replace(glue, (found, name: string) => {
        if (!isInSite(name)) return "Promise.reject(new Error('all of mapling is not here in this variant'))";
        if (!isToCome(name)) return found;
        // Engines remember what could not be imported: each try has an address of its own.
        return `import(/* @vite-ignore */ new URL('${there(name)}.js?' + Date.now(), ${site}).href)`;
      })
      .replace(wasm, (found, name: string) => {
        if (!isInSite(name)) return 'new URL(import.meta.url)';
        return isToCome(name) ? `new URL('${there(name)}_bg.wasm', ${site})` : found;
      });
  },
};

/**
 * What reads and writes files of models bears its folder's name: nobody loads it before it is asked for. The module of
 * the lessons is called otherwise than the worker's.
 */
const names = {
  output: {
    chunkFileNames: ({
      moduleIds,
      facadeModuleId,
    }: {
      moduleIds: string[];
      facadeModuleId: string | null;
    }) => {
      const ids = [...moduleIds, facadeModuleId ?? ''];
      if (ids.some((id) => /\/js\/wasm\/mapling\.js$/.test(id))) return 'assets/whole-[hash].js';
      if (ids.some((id) => /\/js\/wasm\/threads\.js$/.test(id))) return 'assets/whole_threads-[hash].js';
      const isIo = ids.some((id) => /\/js\/io\/|\/node_modules\/idb\//.test(id));
      return `assets/${isIo ? 'io-' : ''}[name]-[hash].js`;
    },
  },
};
const lessonNames = {
  output: {
    ...names.output,
    assetFileNames: ({ originalFileNames }: { originalFileNames: string[] }) => {
      const [name] = originalFileNames.flatMap((file) => /js\/wasm\/(\w+)_bg/.exec(file)?.[1] ?? []);
      const known = name === undefined ? '[name]' : name === 'mapling' ? 'whole' : `whole_${name}`;
      return `assets/${known}-[hash][extname]`;
    },
  },
};

export default defineConfig({
  root: at('.'),
  // One page: a file that is missing (MNIST, say) is a 404, not that page again.
  appType: 'mpa',
  // Relative addresses: the site may be served from any sub-path.
  base: './',
  resolve: {
    alias: { 'mapling/trainer': at('../js/worker/trainer.ts') },
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [
    styleLoader,
    fonts(),
    wholeLibrary,
    pageModules(),
    preloadFont,
    contentPolicy,
    wholeAddresses,
    licences,
    serviceWorker,
  ],
  define: { __LINKS__: JSON.stringify(links) },
  worker: {
    format: 'es',
    // A worker of a lesson's has all of mapling too: it imports the library's own script with that mark.
    plugins: () => [wholeLibrary, pageModules()],
    // What the worker begins with is one file, on which those that come later may build.
    rolldownOptions: {
      output: {
        ...lessonNames.output,
        codeSplitting: { groups: [{ name: 'core', test: /\/worker\/inside\/service\.ts$/ }] },
      },
    },
  },
  build: {
    // Every engine that runs the page's module knows what to load ahead; what comes later is small.
    modulePreload: false,
    outDir: at('../dist/www'),
    emptyOutDir: true,
    target: 'es2022',
    // What the page begins with is one file as well, whatever later parts share with it.
    rolldownOptions: {
      output: {
        ...lessonNames.output,
        codeSplitting: { groups: [{ name: 'page', test: /\/www\/src\/main\.tsx$/ }] },
      },
    },
    // The wasm module stays a file of its own, so that it can be streamed while it compiles.
    assetsInlineLimit: (path) => (path.endsWith('.wasm') ? false : undefined),
  },
  server: { host: '127.0.0.1', headers, fs: { allow: [at('..')] } },
  preview: { host: '127.0.0.1', headers },
});
