/** Models in the browser's local storage, under the keys that TensorFlow.js uses, so that each finds the other's. */
import { brief, fault } from '../engine/errors.js';
import { isObject } from '../engine/look.js';
import { checkTopology, getModelArtifactsInfoForJSON } from './artifacts.js';
import { composite } from './buffers.js';
import { storageFailure } from './storage.js';
import type { ModelArtifacts, ModelArtifactsInfo, SaveResult } from './types.js';

const PREFIX = 'tensorflowjs_models/';
const INFO = '/info';

/** The keys of a model's parts. */
const keysOf = (path: string) => ({
  info: `${PREFIX}${path}${INFO}`,
  topology: `${PREFIX}${path}/model_topology`,
  specs: `${PREFIX}${path}/weight_specs`,
  data: `${PREFIX}${path}/weight_data`,
  metadata: `${PREFIX}${path}/model_metadata`,
});

/** Whether there is such a thing here; where pages may keep nothing, to look for it throws. */
export function isThere(): boolean {
  try {
    return typeof localStorage !== 'undefined';
  } catch {
    return false;
  }
}

function storage(where: string): Storage {
  if (isThere()) return localStorage;
  throw fault('state', `${where}: there is no local storage here`);
}

const nameOf = (path: string): string => `localstorage://${brief(path, 120)}`;

/** So many bytes become text at once: a call takes only so many arguments. */
const AT_ONCE = 2 ** 15;

function toBase64(buffer: ArrayBuffer): string {
  const bytes = new Uint8Array(buffer);
  let text = '';
  for (let at = 0; at < bytes.length; at += AT_ONCE)
    text += String.fromCharCode(...bytes.subarray(at, at + AT_ONCE));
  return btoa(text);
}

function fromBase64(where: string, text: string): ArrayBuffer {
  let bytes: string;
  try {
    bytes = atob(text);
  } catch {
    throw fault('format', `${where}: weight_data: this is not base64`);
  }
  return Uint8Array.from(bytes, (letter) => letter.charCodeAt(0)).buffer;
}

/** Keeps a model. Where it does not fit, what was kept under this path before is as it was. */
export async function save(path: string, artifacts: ModelArtifacts): Promise<SaveResult> {
  if (path === '') throw fault('value', 'save: localstorage:// needs the name of a model behind it');
  checkTopology('save', artifacts);
  const store = storage('save');
  const { modelTopology, weightSpecs, weightData, ...metadata } = artifacts;
  const modelArtifactsInfo = getModelArtifactsInfoForJSON(artifacts);
  const keys = keysOf(path);
  const parts: [key: string, text: string][] = [
    [keys.topology, JSON.stringify(modelTopology ?? null)],
    [keys.specs, JSON.stringify(weightSpecs ?? [])],
    [keys.data, toBase64(composite('save', weightData).slice())],
    [keys.metadata, JSON.stringify(metadata)],
    [keys.info, JSON.stringify(modelArtifactsInfo)],
  ];
  const before = parts.map(([key]) => [key, store.getItem(key)] as const);
  try {
    for (const [key] of parts) store.removeItem(key);
    for (const [key, text] of parts) store.setItem(key, text);
  } catch (failure) {
    for (const [key] of parts) store.removeItem(key);
    for (const [key, text] of before) if (text !== null) store.setItem(key, text);
    throw storageFailure('save', `local storage, for ${nameOf(path)},`, failure);
  }
  return { modelArtifactsInfo };
}

/** A part that is JSON. */
function part(where: string, store: Storage, key: string): unknown {
  const text = store.getItem(key);
  const label = `${where}: ${key.slice(key.lastIndexOf('/') + 1)}`;
  if (text === null) throw fault('format', `${label}: this part is missing`);
  try {
    return JSON.parse(text);
  } catch {
    throw fault('format', `${label}: this is not JSON`);
  }
}

export async function load(path: string): Promise<ModelArtifacts> {
  const where = `loadLayersModel: ${nameOf(path)}`;
  const store = storage('loadLayersModel');
  const keys = keysOf(path);
  if (store.getItem(keys.info) === null) throw fault('name', `${where}: there is no such model`);
  const metadata = store.getItem(keys.metadata) === null ? {} : part(where, store, keys.metadata);
  const data = store.getItem(keys.data);
  if (data === null) throw fault('format', `${where}: weight_data: this part is missing`);
  return {
    ...(isObject(metadata) ? metadata : {}),
    modelTopology: part(where, store, keys.topology) as object,
    weightSpecs: part(where, store, keys.specs) as [],
    weightData: fromBase64(where, data),
  };
}

/** What is told of each model. */
export async function list(): Promise<{ [path: string]: ModelArtifactsInfo }> {
  const store = storage('listModels');
  const infos: { [path: string]: ModelArtifactsInfo } = {};
  for (let at = 0; at < store.length; at++) {
    const key = store.key(at)!;
    if (!key.startsWith(PREFIX) || !key.endsWith(INFO) || key.length <= PREFIX.length + INFO.length) continue;
    const path = key.slice(PREFIX.length, -INFO.length);
    infos[path] = part(`listModels: ${nameOf(path)}`, store, key) as ModelArtifactsInfo;
  }
  return infos;
}

/** Takes a model away; what was told of it is returned. */
export async function remove(path: string): Promise<ModelArtifactsInfo> {
  const store = storage('removeModel');
  const keys = keysOf(path);
  const where = `removeModel: ${nameOf(path)}`;
  if (store.getItem(keys.info) === null) throw fault('name', `${where}: there is no such model`);
  const info = part(where, store, keys.info) as ModelArtifactsInfo;
  for (const key of Object.values(keys)) store.removeItem(key);
  return info;
}
