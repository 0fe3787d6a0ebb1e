/** Models in IndexedDB, in the database that TensorFlow.js keeps them in, so that each finds the other's. */
import { brief, fault } from '../engine/errors.js';
import { checkTopology, getModelArtifactsInfoForJSON } from './artifacts.js';
import { composite } from './buffers.js';
import { storageFailure } from './storage.js';
import type { ModelArtifacts, ModelArtifactsInfo, SaveResult } from './types.js';

const DATABASE = 'tensorflowjs';
/** What models are, and what is told of them without reading them. */
const MODELS = 'models_store';
const INFOS = 'model_info_store';

interface Kept {
  modelPath: string;
  modelArtifacts: ModelArtifacts;
  modelArtifactsInfo: ModelArtifactsInfo;
}

/** Whether there is such a thing here. */
export const isThere = (): boolean => typeof indexedDB !== 'undefined';

type Database = Awaited<ReturnType<typeof import('idb')['openDB']>>;

/** Does `work` with the database open; `name` says for which model. */
async function using<T>(where: string, name: string, work: (database: Database) => Promise<T>): Promise<T> {
  if (!isThere()) throw fault('state', `${where}: there is no IndexedDB here`);
  const { openDB } = await import('idb');
  let database: Database | undefined;
  try {
    database = await openDB(DATABASE, 1, {
      upgrade(fresh) {
        fresh.createObjectStore(MODELS, { keyPath: 'modelPath' });
        fresh.createObjectStore(INFOS, { keyPath: 'modelPath' });
      },
    });
    return await work(database);
  } catch (failure) {
    throw storageFailure(where, `IndexedDB${name}`, failure);
  } finally {
    database?.close();
  }
}

const nameOf = (path: string): string => `indexeddb://${brief(path, 120)}`;

const missing = (where: string, path: string): Error =>
  fault('name', `${where}: ${nameOf(path)}: there is no such model`);

function checkPath(where: string, path: string): void {
  if (path === '') throw fault('value', `${where}: indexeddb:// needs the name of a model behind it`);
}

/** Keeps a model: it is there with what is told of it, or neither. */
export async function save(path: string, artifacts: ModelArtifacts): Promise<SaveResult> {
  checkPath('save', path);
  checkTopology('save', artifacts);
  const modelArtifacts = {
    ...artifacts,
    weightData: composite('save', artifacts.weightData).slice(),
  };
  const modelArtifactsInfo = getModelArtifactsInfoForJSON(modelArtifacts);
  return using('save', `, for ${nameOf(path)},`, async (database) => {
    const change = database.transaction([MODELS, INFOS], 'readwrite');
    const kept: Kept = { modelPath: path, modelArtifacts, modelArtifactsInfo };
    await Promise.all([
      change.objectStore(INFOS).put({ modelPath: path, modelArtifactsInfo }),
      change.objectStore(MODELS).put(kept),
      change.done,
    ]);
    return { modelArtifactsInfo };
  });
}

export async function load(path: string): Promise<ModelArtifacts> {
  const where = 'loadLayersModel';
  checkPath(where, path);
  return using(where, `, for ${nameOf(path)},`, async (database) => {
    const found = (await database.get(MODELS, path)) as Kept | undefined;
    if (!found) throw missing(where, path);
    return found.modelArtifacts;
  });
}

/** What is told of each model. */
export async function list(): Promise<{ [path: string]: ModelArtifactsInfo }> {
  return using('listModels', '', async (database) => {
    const all = (await database.getAll(INFOS)) as Kept[];
    return Object.fromEntries(
      all.map(({ modelPath, modelArtifactsInfo }) => [modelPath, modelArtifactsInfo]),
    );
  });
}

/** Takes a model away; what was told of it is returned. */
export async function remove(path: string): Promise<ModelArtifactsInfo> {
  return using('removeModel', `, for ${nameOf(path)},`, async (database) => {
    const found = (await database.get(INFOS, path)) as Kept | undefined;
    if (!found) throw missing('removeModel', path);
    const change = database.transaction([MODELS, INFOS], 'readwrite');
    await Promise.all([
      change.objectStore(INFOS).delete(path),
      change.objectStore(MODELS).delete(path),
      change.done,
    ]);
    return found.modelArtifactsInfo;
  });
}
