/** Models on servers: `model.json` and files of weights beside it. A model is saved by a request that sends both. */
import { brief, checkFunction, describe, fault, onlyKeys, textOf } from '../engine/errors.js';
import { can, isArray, isObject } from '../engine/look.js';
import {
  checkTopology,
  getModelArtifactsForJSONSync,
  getModelArtifactsInfoForJSON,
  modelJSONOf,
  readModelJSON,
} from './artifacts.js';
import { composite } from './buffers.js';
import { LOAD_KEYS } from './load-keys.js';
import { readManifest } from './specs.js';
import type { IOHandler, LoadOptions, ModelArtifacts, SaveResult, WeightsManifestConfig } from './types.js';

const WEIGHTS = 'model.weights.bin';

/** The answer to a request, or an error that says what came instead. */
export async function ask(where: string, url: string, options: LoadOptions = {}): Promise<Response> {
  const { fetchFunc = fetch, requestInit } = options;
  let response: Response;
  try {
    response = await fetchFunc(url, requestInit);
  } catch (failure) {
    throw fault('state', `${where}: ${brief(url, 200)} cannot be reached: ${brief(textOf(failure), 120)}`);
  }
  if (!isObject(response) || typeof response.ok !== 'boolean')
    throw fault('type', `${where}: fetchFunc: expected a Response, got ${describe(response)}`);
  if (response.ok) return response;
  throw fault('state', `${where}: ${brief(url, 200)}: the server answers ${response.status}`);
}

/** What an answer holds, as text or as bytes; a connection that breaks is an error that says where. */
export async function bodyOf<Kind extends 'text' | 'arrayBuffer'>(
  where: string,
  url: string,
  response: Response,
  kind: Kind,
): Promise<Awaited<ReturnType<Response[Kind]>>> {
  if (!can(response, kind))
    throw fault('type', `${where}: fetchFunc: expected a Response with ${kind}(), got ${describe(response)}`);
  try {
    return (await response[kind]()) as Awaited<ReturnType<Response[Kind]>>;
  } catch (failure) {
    throw fault('state', `${where}: ${brief(url, 200)} breaks off: ${brief(textOf(failure), 120)}`);
  }
}

/** The bytes of files, whose requests go out together. `begin` says how much of the whole is done before. */
export async function fetchAll(
  where: string,
  urls: readonly string[],
  options: LoadOptions = {},
  begin = 0,
): Promise<ArrayBuffer[]> {
  let done = 0;
  return Promise.all(
    urls.map(async (url) => {
      const bytes = await bodyOf(where, url, await ask(where, url, options), 'arrayBuffer');
      options.onProgress?.(begin + ((1 - begin) * ++done) / urls.length);
      return bytes;
    }),
  );
}

/** The folder of an address, with a slash at its end, and what the address asks for behind its path. */
function folderOf(url: string): [folder: string, query: string] {
  const [path, query] = url.split(/(?=\?)/, 2) as [string, string?];
  return [path.slice(0, path.lastIndexOf('/') + 1), query ?? ''];
}

/** Where the files of a manifest are. */
async function addresses(paths: readonly string[], url: string, options: LoadOptions): Promise<string[]> {
  const { weightUrlConverter, weightPathPrefix } = options;
  if (weightUrlConverter) {
    const urls: unknown[] = await Promise.all(paths.map((path) => weightUrlConverter(path)));
    const odd = urls.findIndex((one) => typeof one !== 'string' && !(one instanceof URL));
    if (odd < 0) return urls.map(String);
    throw fault(
      'type',
      `loadLayersModel: weightUrlConverter: expected the address of ${describe(paths[odd])}, got ${describe(urls[odd])}`,
    );
  }
  const [folder, query] = folderOf(url);
  const prefix = weightPathPrefix || folder;
  return paths.map((path) => `${prefix}${prefix === '' || prefix.endsWith('/') ? '' : '/'}${path}${query}`);
}

async function load(url: string, weightsUrl: string, options: LoadOptions): Promise<ModelArtifacts> {
  const where = `loadLayersModel: ${brief(url, 120)}`;
  const answer = await ask('loadLayersModel', url, options);
  const json = readModelJSON(where, await bodyOf('loadLayersModel', url, answer, 'text'));
  if (!json.weightsManifest) return getModelArtifactsForJSONSync(json);
  const groups = readManifest(`${where}: weightsManifest`, json.weightsManifest);
  const paths = groups.flatMap((group) => group.paths);
  const files = await fetchAll('loadLayersModel', await addresses(paths, weightsUrl, options), options);
  return getModelArtifactsForJSONSync(
    json,
    json.weightsManifest.flatMap(({ weights }) => weights),
    files,
  );
}

async function save(url: string, artifacts: ModelArtifacts, options: LoadOptions): Promise<SaveResult> {
  checkTopology('save', artifacts);
  const manifest: WeightsManifestConfig = [{ paths: [`./${WEIGHTS}`], weights: artifacts.weightSpecs ?? [] }];
  const body = new FormData();
  const json = JSON.stringify(modelJSONOf(artifacts, manifest));
  body.append('model.json', new Blob([json], { type: 'application/json' }), 'model.json');
  if (artifacts.weightData) {
    const bytes = composite('save', artifacts.weightData).slice();
    body.append(WEIGHTS, new Blob([bytes], { type: 'application/octet-stream' }), WEIGHTS);
  }
  const requestInit = { method: 'POST', ...options.requestInit, body };
  const response = await ask('save', url, { ...options, requestInit });
  return { modelArtifactsInfo: getModelArtifactsInfoForJSON(artifacts), responses: [response] };
}

/** Checks how a model is to be asked for. */
export function readOptions(where: string, options: LoadOptions | undefined): LoadOptions {
  const given = options ?? {};
  onlyKeys(where, given, LOAD_KEYS);
  const { fetchFunc, onProgress, weightUrlConverter, requestInit, weightPathPrefix } = given;
  for (const [key, value] of Object.entries({ fetchFunc, onProgress, weightUrlConverter }))
    if (value !== undefined && value !== null) checkFunction(`${where}: ${key}`, value);
  if (requestInit !== undefined && requestInit !== null && !isObject(requestInit))
    throw fault('type', `${where}: requestInit: expected an object, got ${describe(requestInit)}`);
  if (requestInit?.body) throw fault('value', `${where}: requestInit: a body of its own is not sent`);
  if (weightPathPrefix !== undefined && weightPathPrefix !== null && typeof weightPathPrefix !== 'string')
    throw fault('type', `${where}: weightPathPrefix: expected a text, got ${describe(weightPathPrefix)}`);
  const { fromTFHub } = given;
  if (fromTFHub) throw fault('name', `${where}: fromTFHub: only graph models are kept there`);
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined && value !== null),
  );
}

/**
 * A model on a server: the address of its `model.json`, or of that and of another one beside which the weights are.
 * @example typeof io.http('https://example.org/model.json').load; // → 'function'
 */
export const http = (path: string | string[], loadOptions?: LoadOptions): IOHandler =>
  onServer('http', path, loadOptions);

/** The same under its older name. */
export const browserHTTPRequest: typeof http = (path, loadOptions) =>
  onServer('browserHTTPRequest', path, loadOptions);

function onServer(where: string, path: string | string[], loadOptions?: LoadOptions): IOHandler {
  const options = readOptions(where, loadOptions);
  const [url, weightsUrl = url] = isArray(path) ? (path as string[]) : [path as string];
  if (typeof url !== 'string' || url === '' || typeof weightsUrl !== 'string')
    throw fault('type', `${where}: expected an address, got ${describe(path)}`);
  return {
    save: (artifacts) => save(url, artifacts, options),
    load: () => load(url, weightsUrl, options),
  };
}
