/** The models that a browser keeps: listed, copied, moved, taken away. */
import { brief, describe, fault, textOf } from '../engine/errors.js';
import { getLoadHandlers, getSaveHandlers, only } from './routers.js';
import type { ModelArtifactsInfo } from './types.js';

interface Store {
  isThere(): boolean;
  list(): Promise<{ [path: string]: ModelArtifactsInfo }>;
  remove(path: string): Promise<ModelArtifactsInfo>;
}

const STORES: Readonly<Record<string, () => Promise<Store>>> = {
  localstorage: () => import('./local-storage.js'),
  indexeddb: () => import('./indexed-db.js'),
};

/**
 * What is told of all models that are kept, by their addresses.
 * @example
 * await sequential({ layers: [layers.dense({ units: 1, inputShape: [2] })] }).save('localstorage://listed');
 * Object.keys(await io.listModels()).includes('localstorage://listed'); // → true
 */
export async function listModels(): Promise<{ [url: string]: ModelArtifactsInfo }> {
  const all: { [url: string]: ModelArtifactsInfo } = {};
  for (const [scheme, load] of Object.entries(STORES)) {
    const store = await load();
    if (!store.isThere()) continue;
    for (const [path, info] of Object.entries(await store.list())) all[`${scheme}://${path}`] = info;
  }
  return all;
}

/** The store that an address means, and what stands behind its scheme. */
async function storeOf(where: string, url: unknown): Promise<[store: Store, path: string]> {
  if (typeof url !== 'string') throw fault('type', `${where}: expected an address, got ${describe(url)}`);
  const [, scheme = '', path = ''] = /^([a-z\d]+):\/\/(.*)$/is.exec(url) ?? [];
  if (Object.hasOwn(STORES, scheme)) return [await STORES[scheme]!(), path];
  throw fault('name', `${where}: ${brief(url, 120)}: models are kept under localstorage:// and indexeddb://`);
}

/**
 * Takes a model away; what was told of it is returned.
 * @example
 * await sequential({ layers: [layers.dense({ units: 1, inputShape: [2] })] }).save('localstorage://gone');
 * await io.removeModel('localstorage://gone');
 * Object.keys(await io.listModels()).includes('localstorage://gone'); // → false
 */
export async function removeModel(url: string): Promise<ModelArtifactsInfo> {
  const [store, path] = await storeOf('removeModel', url);
  return store.remove(path);
}

async function copy(where: string, from: string, to: string): Promise<ModelArtifactsInfo> {
  for (const url of [from, to])
    if (typeof url !== 'string') throw fault('type', `${where}: expected an address, got ${describe(url)}`);
  if (from === to) throw fault('value', `${where}: both addresses are ${brief(from, 120)}`);
  const source = only(where, from, getLoadHandlers(from));
  const target = only(where, to, getSaveHandlers(to));
  if (!source.load || !target.save)
    throw fault('name', `${where}: ${brief(source.load ? to : from, 120)}: this place does not do that`);
  try {
    return (await target.save(await source.load())).modelArtifactsInfo;
  } catch (failure) {
    // Places begin their errors with what they are asked for, and here it is something else that was called.
    const [text, rest] = /^(?:save|loadLayersModel)(: .*)$/s.exec(textOf(failure)) ?? [];
    throw text === undefined ? failure : fault((failure as { code: 'name' }).code, where + rest);
  }
}

/**
 * Copies a model from one address to another, which may be of another kind.
 * @example
 * await sequential({ layers: [layers.dense({ units: 1, inputShape: [2] })] }).save('localstorage://here');
 * await io.copyModel('localstorage://here', 'indexeddb://there');
 * (await loadLayersModel('indexeddb://there')).countParams(); // → 3
 */
export const copyModel = (sourceURL: string, destURL: string): Promise<ModelArtifactsInfo> =>
  copy('copyModel', sourceURL, destURL);

/**
 * Moves a model: it is taken away once it lies in its new place.
 * @example
 * await sequential({ layers: [layers.dense({ units: 1, inputShape: [2] })] }).save('localstorage://before');
 * await io.moveModel('localstorage://before', 'localstorage://after');
 * Object.keys(await io.listModels()).includes('localstorage://before'); // → false
 */
export async function moveModel(sourceURL: string, destURL: string): Promise<ModelArtifactsInfo> {
  const [store, path] = await storeOf('moveModel', sourceURL);
  const info = await copy('moveModel', sourceURL, destURL);
  await store.remove(path);
  return info;
}
