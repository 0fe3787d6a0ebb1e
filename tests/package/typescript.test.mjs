// The examples of README and docs in TypeScript, as strict as it can be, against the packed package's types.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { at } from '../../scripts/run.mjs';
import { installPacked } from './packed.mjs';

const PAGES = ['README.md', 'docs/FILES.md', 'docs/PACKAGE.md'];
const OPTIONS = [
  ...'--noEmit --strict --exactOptionalPropertyTypes --noUncheckedIndexedAccess --skipLibCheck false'.split(
    ' ',
  ),
  ...'--target es2022 --lib es2023,dom,dom.iterable --types'.split(' '),
  '',
];

/** What examples take from the program around them, as such a program has it. */
const AROUND = {
  files: 'FileList',
  model: "import('mapling').LayersModel",
  x: "import('mapling').Tensor",
  y: "import('mapling').Tensor",
  options: "import('mapling').FitArgs",
  bytes: 'Uint8Array',
  weights: 'Uint8Array',
  keep: '(bytes: Uint8Array) => void',
};

/** The programs of a page, each a module with what it takes from around it. */
function programs(page) {
  const text = readFileSync(at(page), 'utf8');
  const found = [...text.matchAll(/```(?:js|html)\n([\s\S]*?)```/g)].map(([, body]) => body);
  // Addresses of another site, of a stylised name, are the package itself.
  return found.map((body) => {
    const code = body
      .replace(/<\/?script[^>]*>/g, '')
      .replace(/'https:\/\/cdn\.example\/npm\/mapling@[\d.]+\/index\.js'/, "'mapling'")
      .replace(/'https:\/\/cdn\.example\/npm\/mapling@[\d.]+\/worker\/trainer\.js'/, "'mapling/trainer'");
    const declared = (name) =>
      new RegExp(`(const|let) ([[{][^=]*\\b)?${name}\\b|import {[^}]*\\b${name}\\b`).test(code);
    const imported = ['init', 'createTrainer', 'io'].filter(
      (name) => new RegExp(`\\b${name}[(.]`).test(code) && !declared(name),
    );
    const around = Object.entries(AROUND).filter(
      ([name]) => new RegExp(`(?<!\\w|'|[^.]\\.)${name}\\b(?!:)`).test(code) && !declared(name),
    );
    return [
      ...imported.map(
        (name) => `import { ${name} } from 'mapling${name === 'createTrainer' ? '/trainer' : ''}';`,
      ),
      ...around.map(([name, type]) => `declare const ${name}: ${type};`),
      code,
      'export {};',
    ].join('\n');
  });
}

/** What people do with files next, which types must let them. */
const NEXT = `
import { io, loadLayersModel, type LayersModel } from 'mapling';
import { createTrainer } from 'mapling/trainer';
declare const model: LayersModel;
declare const chosen: HTMLInputElement;
const files = [await io.toKeras(model), await io.toOnnx(model), await io.toSafetensors(model), await io.toCheckpoint(model)];
export const blob = new Blob([...files, (await model.save()).weights]);
await fetch('https://example.org', { method: 'POST', body: files[0]! });
const trainer = await createTrainer();
const [first] = await trainer.write('keras');
export const file = new File([first!.bytes, await trainer.checkpoint()], first!.name);
const buffer = await blob.arrayBuffer();
await io.fromKeras(buffer);
await io.fromSafetensors(buffer);
await io.fromCheckpoint(buffer);
await model.loadWeights(buffer);
await loadLayersModel(chosen.files!);
await loadLayersModel(io.browserFiles(chosen.files!));
await trainer.read(chosen.files!);
`;

let installed;
before(() => {
  installed = installPacked();
  installed.write('assets.d.ts', `declare module '*.txt' { const text: string; export default text; }`);
});
after(() => installed.remove());

const names = PAGES.flatMap((page) =>
  programs(page).map((text, place) => ({ name: `${page.replace(/\W+/g, '-')}-${place}.ts`, text })),
);

for (const [module, resolution] of [
  ['esnext', 'bundler'],
  ['node16', 'node16'],
  ['nodenext', 'nodenext'],
])
  test(`every example of README and docs is a strict program, with moduleResolution ${resolution}`, () => {
    assert.ok(names.length > 8);
    for (const { name, text } of [...names, { name: 'next.ts', text: NEXT }]) installed.write(name, text);
    const { status, stdout } = spawnSync(
      process.execPath,
      [
        at('node_modules/typescript/bin/tsc'),
        ...OPTIONS,
        ...['--module', module, '--moduleResolution', resolution],
        ...['assets.d.ts', 'next.ts', ...names.map(({ name }) => name)],
      ],
      { cwd: installed.folder, encoding: 'utf8' },
    );
    assert.equal(status, 0, stdout);
  });

test('a program for Node needs none of the types of pages', () => {
  installed.write(
    'node.ts',
    `import { readFile, writeFile } from 'node:fs/promises';
    import { init, io, layers, sequential, tensor } from 'mapling';
    import { createTrainer } from 'mapling/trainer';
    await init();
    const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [2] })] });
    await writeFile('model.keras', await io.toKeras(model));
    const again = await io.fromKeras(await readFile('model.keras'));
    const trainer = await createTrainer();
    for (const { name, bytes } of await trainer.write('tensorflow')) await writeFile(name, bytes);
    export const y = again.predict(tensor([[1, 2]]));`,
  );
  const options =
    '--noEmit --strict --skipLibCheck --target es2022 --lib es2023 --module nodenext --types node';
  const { status, stdout } = spawnSync(
    process.execPath,
    [
      at('node_modules/typescript/bin/tsc'),
      ...options.split(' '),
      ...['--typeRoots', at('node_modules/@types'), 'node.ts'],
    ],
    { cwd: installed.folder, encoding: 'utf8' },
  );
  assert.equal(status, 0, stdout);
});

test('the type of activations has the names that the core knows, in either spelling, and no other', () => {
  // Rows of the table: `Swish "swish" | "silu": "…", x => …;`.
  const table = readFileSync(at('src/nn/activation.rs'), 'utf8');
  const rows = [...table.matchAll(/^ +\w+ ("[a-z0-9_]+"(?: \| "[a-z0-9_]+")*)(?: always)?: "/gm)];
  const known = rows.flatMap(([, all]) => all.match(/[a-z0-9_]+/g));
  assert.ok(known.length > 25 && known.includes('linear') === false);
  const names = ['linear', ...known].flatMap((name) => [
    name,
    name.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase()),
  ]);
  installed.write(
    'activations.ts',
    `import type { ActivationIdentifier } from 'mapling';
    const names = ${JSON.stringify([...new Set(names)])} as const;
    const taken: readonly ActivationIdentifier[] = names;
    type Unknown = Exclude<ActivationIdentifier, (typeof names)[number]>;
    type Nothing = [Unknown] extends [never] ? true : false;
    export const isWhole: Nothing = true;
    export { taken };`,
  );
  const { status, stdout } = spawnSync(
    process.execPath,
    [
      at('node_modules/typescript/bin/tsc'),
      ...OPTIONS,
      ...['--module', 'esnext', '--moduleResolution', 'bundler', 'activations.ts'],
    ],
    { cwd: installed.folder, encoding: 'utf8' },
  );
  assert.equal(status, 0, stdout);
});
