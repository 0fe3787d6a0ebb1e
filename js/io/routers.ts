/** Which place an address means. A place's own code is loaded when something is saved there or read from there. */
import { brief, checkFunction, fault } from '../engine/errors.js';
import { isArray, isObject } from '../engine/look.js';
import { browserDownloads } from './downloads.js';
import { http, readOptions } from './http.js';
import { isHTTPScheme } from './scheme.js';
import type { IOHandler, IORouter, LoadOptions, ModelArtifacts, SaveResult } from './types.js';

/** What a place's module offers; `path` is the address without its scheme. */
interface Place {
  save?(path: string, artifacts: ModelArtifacts): Promise<SaveResult>;
  load?(path: string, options?: LoadOptions): Promise<ModelArtifacts>;
}

/** A router for addresses that begin with `scheme://`. */
function router(scheme: string, load: () => Promise<Place>, can: readonly ('save' | 'load')[]): IORouter {
  const begins = `${scheme}://`;
  return (url, options) => {
    if (typeof url !== 'string' || !url.startsWith(begins)) return null;
    const path = url.slice(begins.length);
    return {
      ...(can.includes('save') && { save: async (artifacts) => (await load()).save!(path, artifacts) }),
      ...(can.includes('load') && { load: async () => (await load()).load!(path, options) }),
    } as IOHandler;
  };
}

const onServer: IORouter = (url, options) => {
  const all: readonly string[] = isArray(url) ? url : [url as string];
  return all.length > 0 && all.every((one) => isHTTPScheme(one)) ? http(url, options) : null;
};
const downloads: IORouter = (url) =>
  typeof url === 'string' && url.startsWith('downloads://') ? browserDownloads(url) : null;

const both = ['save', 'load'] as const;
const saveRouters: IORouter[] = [
  onServer,
  router('indexeddb', () => import('./indexed-db.js'), both),
  router('localstorage', () => import('./local-storage.js'), both),
  downloads,
  router('file', () => import('./folder.js'), both),
];
const loadRouters: IORouter[] = [
  onServer,
  router('indexeddb', () => import('./indexed-db.js'), both),
  router('localstorage', () => import('./local-storage.js'), both),
  router('file', () => import('./folder.js'), both),
];

/**
 * Adds a place to save in: a function that gives a handler for addresses of its own, and null for all others.
 * @example
 * io.registerSaveRouter((url) => (String(url).startsWith('nowhere://') ? { save: async () => ({}) } : null));
 * io.getSaveHandlers('nowhere://model').length; // → 1
 */
export function registerSaveRouter(saveRouter: IORouter): void {
  checkFunction('registerSaveRouter', saveRouter);
  saveRouters.push(saveRouter);
}
/**
 * Adds a place to load from: a function that gives a handler for addresses of its own, and null for all others.
 * @example
 * io.registerLoadRouter((url) => (String(url).startsWith('nowhere://') ? { load: async () => ({}) } : null));
 * io.getLoadHandlers('nowhere://model').length; // → 1
 */
export function registerLoadRouter(loadRouter: IORouter): void {
  checkFunction('registerLoadRouter', loadRouter);
  loadRouters.push(loadRouter);
}

/** What the routers say of an address. */
const handlers = (routers: readonly IORouter[], url: string | string[], options?: LoadOptions): IOHandler[] =>
  routers.map((one): unknown => one(url, options)).filter(isObject) as IOHandler[];

/**
 * The handlers of all places that know this address.
 * @example io.getSaveHandlers('indexeddb://my-model').length; // → 1
 */
export const getSaveHandlers = (url: string | string[]): IOHandler[] => handlers(saveRouters, url);
/**
 * The handlers of all routers that read from this address.
 * @example io.getLoadHandlers('https://example.org/model.json').length; // → 1
 */
export const getLoadHandlers = (url: string | string[], loadOptions?: LoadOptions): IOHandler[] =>
  handlers(loadRouters, url, readOptions('getLoadHandlers', loadOptions));

/** The one place that an address means. */
export function only(where: string, url: string, found: readonly IOHandler[]): IOHandler {
  if (found.length === 1) return found[0]!;
  const text = brief(url, 200);
  if (found.length > 1) throw fault('name', `${where}: ${found.length} places know ${text}`);
  throw fault(
    'name',
    `${where}: no place is known for ${text}; there are indexeddb://, localstorage://, downloads:// (save), file:// (Node), http:// and https://`,
  );
}
