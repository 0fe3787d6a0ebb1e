/** A folder on this machine, in Node: `model.json`, and the weights in files of 4 MB. */
import { brief, fault, textOf } from '../engine/errors.js';
import { isNode, nodeModule } from '../engine/local.js';
import {
  checkTopology,
  getModelArtifactsForJSONSync,
  getModelArtifactsInfoForJSON,
  modelJSONOf,
  readModelJSON,
} from './artifacts.js';
import { composite } from './buffers.js';
import { readManifest } from './specs.js';
import { inTurn } from './turns.js';
import type { LoadOptions, ModelArtifacts, SaveResult } from './types.js';

/** How large a file of weights is, as TensorFlow's converter cuts them. */
const SHARD = 4 * 2 ** 20;

interface Disk {
  fs: typeof import('node:fs/promises');
  path: typeof import('node:path');
}

async function disk(where: string): Promise<Disk> {
  if (!isNode())
    throw fault('state', `${where}: file:// is for Node; a page has downloads:// and io.browserFiles(files)`);
  const [fs, path] = await Promise.all([
    nodeModule<Disk['fs']>('node:fs/promises'),
    nodeModule<Disk['path']>('node:path'),
  ]);
  return { fs, path };
}

/** The path that stands behind `file://`, or an address of a file as a path. */
async function pathOf({ path }: Disk, given: string): Promise<string> {
  // Of `file:///a%20b` the address is cut off here; paths of TensorFlow.js' programs are no addresses.
  if (!given.startsWith('/') || !given.includes('%')) return path.resolve(given);
  const { fileURLToPath } = await nodeModule<typeof import('node:url')>('node:url');
  try {
    return fileURLToPath(`file://${given}`);
  } catch {
    return path.resolve(given);
  }
}

/** What an operation on files says when it fails. */
function diskFailure(where: string, what: string, failure: unknown): Error {
  const { code } = (failure ?? {}) as { code?: unknown };
  if (code === 'ENOENT') return fault('name', `${where}: ${brief(what, 200)}: there is no such file`);
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return fault('memory', `${where}: ${brief(what, 200)}: the disk is full, and nothing was saved`);
  return fault('state', `${where}: ${brief(what, 200)}: ${brief(textOf(failure), 200)}`);
}

/** Makes a folder and those above it. Node's own way to do so never ends where none can be made, as in `/proc`. */
async function makeFolder({ fs, path }: Disk, folder: string): Promise<void> {
  try {
    await fs.mkdir(folder);
  } catch (failure) {
    const { code } = (failure ?? {}) as { code?: unknown };
    const above = path.dirname(folder);
    if (code === 'ENOENT' && above !== folder && !(await isThere(fs, above))) {
      await makeFolder({ fs, path }, above);
      await fs.mkdir(folder);
    } else if (!(await isThere(fs, folder))) throw failure;
  }
}

const isThere = async (fs: Disk['fs'], folder: string): Promise<boolean> =>
  fs.stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );

/** Tells apart files of the same name that are being written. */
let writing = 0;

/** Writes files beside their places and moves them there once all are written: a disk that is full changes nothing. */
async function writeAll(tools: Disk, folder: string, files: [name: string, bytes: Uint8Array][]) {
  const { fs, path } = tools;
  const written: string[] = [];
  try {
    await makeFolder(tools, folder);
    for (const [name, bytes] of files) {
      const fresh = path.join(folder, `.${name}.${process.pid}.${writing++}`);
      written.push(fresh);
      await fs.writeFile(fresh, bytes);
    }
    for (const [at, [name]] of files.entries()) await fs.rename(written[at]!, path.join(folder, name));
  } catch (failure) {
    for (const file of written) await fs.rm(file, { force: true }).catch(() => {});
    throw diskFailure('save', folder, failure);
  }
}

/** Saves a file that holds a whole model. */
export async function saveFile(given: string, bytes: Uint8Array): Promise<void> {
  const tools = await disk('save');
  const file = await pathOf(tools, given);
  await writeAll(tools, tools.path.dirname(file), [[tools.path.basename(file), bytes]]);
}

/** Reads such a file. */
export async function loadFile(where: string, given: string): Promise<Uint8Array> {
  const tools = await disk(where);
  const file = await pathOf(tools, given);
  try {
    return new Uint8Array(await tools.fs.readFile(file));
  } catch (failure) {
    throw diskFailure(where, file, failure);
  }
}

/** Saves a model in a folder, which is made if it is not there. */
export async function save(given: string, artifacts: ModelArtifacts): Promise<SaveResult> {
  checkTopology('save', artifacts);
  const tools = await disk('save');
  if (given === '') throw fault('value', 'save: file:// needs a folder behind it');
  const data = composite('save', artifacts.weightData);
  const count = Math.max(1, Math.ceil(data.byteLength / SHARD));
  const names = Array.from({ length: count }, (_, at) => `group1-shard${at + 1}of${count}.bin`);
  const manifest = [{ paths: names, weights: artifacts.weightSpecs ?? [] }];
  const json = new TextEncoder().encode(JSON.stringify(modelJSONOf(artifacts, manifest)));
  const shards = names.map((name, at): [string, Uint8Array] => [
    name,
    new Uint8Array(data.slice(at * SHARD, (at + 1) * SHARD)),
  ]);
  const folder = await pathOf(tools, given);
  await inTurn(folder, () => writeAll(tools, folder, [...shards, ['model.json', json]]));
  return { modelArtifactsInfo: getModelArtifactsInfoForJSON(artifacts) };
}

/** Loads a model from a folder, or from the path of its `model.json`. */
export async function load(given: string, options: LoadOptions = {}): Promise<ModelArtifacts> {
  const where = 'loadLayersModel';
  const tools = await disk(where);
  const { fs, path } = tools;
  const file = await pathOf(tools, given);
  const found = await fs.stat(file).catch((failure: unknown) => {
    throw diskFailure(where, file, failure);
  });
  const json = found.isDirectory() ? path.join(file, 'model.json') : file;
  return inTurn(path.dirname(json), () => loadFrom(where, tools, json, options));
}

async function loadFrom(
  where: string,
  { fs, path }: Disk,
  file: string,
  options: LoadOptions,
): Promise<ModelArtifacts> {
  const read = async (what: string): Promise<Uint8Array<ArrayBuffer>> => {
    try {
      return new Uint8Array(await fs.readFile(what));
    } catch (failure) {
      throw diskFailure(where, what, failure);
    }
  };
  const label = `${where}: ${brief(file, 160)}`;
  const json = readModelJSON(label, new TextDecoder().decode(await read(file)));
  if (!json.weightsManifest) return getModelArtifactsForJSONSync(json);
  const groups = readManifest(`${label}: weightsManifest`, json.weightsManifest);
  const paths = groups.flatMap((group) => group.paths);
  const { weightPathPrefix, onProgress } = options;
  const folder = weightPathPrefix ? path.resolve(weightPathPrefix) : path.dirname(file);
  const shards: ArrayBuffer[] = [];
  for (const one of paths) {
    shards.push((await read(path.join(folder, one))).buffer);
    onProgress?.(shards.length / paths.length);
  }
  return getModelArtifactsForJSONSync(
    json,
    json.weightsManifest.flatMap(({ weights }) => weights),
    shards,
  );
}
