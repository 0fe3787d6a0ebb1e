// `npm run docs`: the pages of the package's API, from the comments of its sources, into dist/docs. TypeDoc needs another
// TypeScript than ours, so both live outside the checkout (tools.mjs).
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { at, isMain, main } from './run.mjs';
import { toolFile } from './tools.mjs';

/** Members whose names begin or end with an underscore are the package's own. */
const isOwn = (name) => /^_|_$/.test(name);

/** Writes the pages; gives what TypeDoc warned of. */
export async function docs() {
  if (!existsSync(at('js/wasm/mapling.d.ts')))
    throw new Error('the types of the module are missing: `npm run build` first');
  const { Application, Converter, LogLevel } = await import(
    pathToFileURL(toolFile('typedoc', 'typedoc', 'dist', 'index.js'))
  );
  const app = await Application.bootstrap({
    name: 'mapling',
    entryPoints: ['js/index.ts', 'js/auto.ts', 'js/worker/trainer.ts'].map(at),
    tsconfig: at('js/tsconfig.json'),
    readme: at('README.md'),
    highlightLanguages: ['bash', 'html', 'javascript', 'json', 'python', 'typescript'],
    projectDocuments: [
      at('docs/PACKAGE.md'),
      at('docs/FILES.md'),
      at('docs/COMPATIBILITY.md'),
      at('CHANGELOG.md'),
    ],
    excludePrivate: true,
    excludeProtected: true,
    excludeInternal: true,
    disableSources: true,
    githubPages: false,
    // Types that only stand in signatures are shown there, and have no pages.
    validation: { notExported: false, invalidLink: true, notDocumented: false },
    logLevel: LogLevel.Warn,
    // TypeDoc's TypeScript is not the one that checks these sources.
    skipErrorChecking: true,
  });
  const warnings = [];
  const { log } = app.logger;
  app.logger.log = (message, level) => {
    if (level >= LogLevel.Warn) warnings.push(message);
    log.call(app.logger, message, level);
  };
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, (context) => {
    for (const reflection of Object.values(context.project.reflections))
      if (reflection.parent && isOwn(reflection.name) && !reflection.name.startsWith('__'))
        context.project.removeReflection(reflection);
  });
  const project = await app.convert();
  if (!project) throw new Error('TypeDoc could not read the sources');
  await app.generateDocs(project, at('dist/docs'));
  return { warnings, project };
}

if (isMain(import.meta.url)) {
  main(async () => {
    await docs();
    console.log(`The pages are in ${at('dist/docs')}`);
  });
}
