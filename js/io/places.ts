/** How models are saved in places and loaded from them: a method of theirs, and a function. */

import { brief, describe, fault, onlyKeys } from '../engine/errors.js';
import { isNode } from '../engine/local.js';
import { can, isObject } from '../engine/look.js';
import { foreign } from '../nn/foreign-json.js';
import { LayersModel, type Saved } from '../nn/model.js';
import { checkShared } from '../nn/shared-layers.js';
import { browserFiles, isList, readFiles } from './browser-files.js';
import { kindOf } from './buffers.js';
import { download } from './downloads.js';
import { FORMATS, type Format } from './formats.js';
import { ask, bodyOf, http, readOptions } from './http.js';
import { readable } from './keras/readable.js';
import { isKerasObject } from './keras/written.js';
import { architectureIn } from './layers-model/in.js';
import { metadataOf, setMetadata } from './metadata.js';
import { getLoadHandlers, getSaveHandlers, only } from './routers.js';
import type { IOHandler, LoadOptions, ModelArtifacts, SaveConfig, SaveResult } from './types.js';
import { yieldNowAndThen } from './yielding.js';

/** The format that the ending of a name means, if it is one of those that hold a model in one file. */
function endingOf(name: string): string | undefined {
  const ending = /\.([a-z\d]+)(\?[^/]*)?$/i.exec(name)?.[1]?.toLowerCase();
  return ending !== undefined && Object.hasOwn(FORMATS, ending) ? ending : undefined;
}

/** Saves in a format of one file, in the places that take files. */
async function saveAs(
  model: LayersModel,
  place: string,
  ending: string,
  config: SaveConfig,
): Promise<SaveResult | undefined> {
  const [, scheme, path] = /^(file|downloads):\/\/(.*)$/s.exec(place) ?? [];
  if (path === undefined) return undefined;
  onlyKeys('save', config, ['includeOptimizer']);
  const format: Format = await FORMATS[ending]!();
  if (!format.write)
    throw fault('name', `save: models are not written as .${ending}, only read; .keras is written`);
  const bytes = await format.write('save', model, config);
  if (scheme === 'file') await (await import('./folder.js')).saveFile(path, bytes);
  else await download('save', path, [bytes], 'application/octet-stream');
  return {
    modelArtifactsInfo: {
      dateSaved: new Date(),
      modelTopologyType: 'JSON',
      weightDataBytes: bytes.length,
    },
  };
}

async function save(
  this: LayersModel,
  place?: string | IOHandler,
  config?: SaveConfig,
): Promise<Saved | SaveResult> {
  if (place === undefined) {
    checkShared('save', this);
    return this.saved_('save');
  }
  let handler: unknown = place;
  if (typeof place === 'string') {
    const ending = endingOf(place);
    const saved = ending && (await saveAs(this, place, ending, config ?? {}));
    if (saved) return saved;
    handler = only('save', place, getSaveHandlers(place));
  }
  if (!isObject(handler) || !can(handler, 'save'))
    throw fault('type', `save: expected a place such as 'indexeddb://name', got ${describe(place)}`);
  const { artifactsOf } = await import('./layers-model/write.js');
  return (handler as Required<IOHandler>).save(await artifactsOf('save', this, config));
}

/** Reads a model that is one file, which options about files of weights mean nothing for. */
async function readAs(
  where: string,
  ending: string,
  options: LoadOptions,
  bytes: () => Promise<Uint8Array>,
): Promise<LayersModel> {
  const odd = (['strict', 'weightPathPrefix', 'weightUrlConverter'] as const).find((key) => key in options);
  if (odd) throw fault('value', `${where}: ${odd}: a model in one file, .${ending}, is read whole`);
  const format: Format = await FORMATS[ending]!();
  if (!format.read) throw fault('name', `${where}: models are not read from .${ending}, only written`);
  const model = await format.read(where, await bytes());
  options.onProgress?.(1);
  return model;
}

/** The bytes behind an address, if the name at its end is that of a model in one file. */
async function wholeFile(url: string, options: LoadOptions): Promise<LayersModel | undefined> {
  const ending = endingOf(url);
  if (!ending) return undefined;
  const where = `loadLayersModel: ${brief(url, 160)}`;
  const path = /^file:\/\/(.*)$/s.exec(url)?.[1];
  if (path !== undefined)
    return readAs(where, ending, options, async () =>
      (await import('./folder.js')).loadFile('loadLayersModel', path),
    );
  if (!/^https?:/.test(url)) return undefined;
  return readAs(where, ending, options, async () => {
    const answer = await ask('loadLayersModel', url, options);
    return new Uint8Array(await bodyOf('loadLayersModel', url, answer, 'arrayBuffer'));
  });
}

/** An address with its scheme: one without is a path of this machine in Node, and beside the page in a page. */
const withScheme = (url: string): string =>
  !/^[a-z][a-z\d+.-]+:/i.test(url) && isNode() ? `file://${url}` : url;

/** The place that is meant, or the model where it is one file. */
async function placeOf(source: unknown, options: LoadOptions): Promise<IOHandler | LayersModel> {
  if (typeof source === 'string' || kindOf(source) === 'URL') {
    const url = withScheme(String(source));
    const model = await wholeFile(url, options);
    if (model) return model;
    const found = getLoadHandlers(url, options);
    return found.length === 0 && !/^[a-z][a-z\d+.-]+:/i.test(url)
      ? http(url, options)
      : only('loadLayersModel', url, found);
  }
  const files = isList(source)
    ? source
    : isObject(source)
      ? (source as { files?: unknown }).files
      : undefined;
  if (isList(source) || (isList(files) && files.length > 0)) {
    const [first, ...more] = readFiles('loadLayersModel', files) as [File, ...File[]];
    const ending = endingOf(first.name);
    if (ending && more.length === 0)
      return readAs(
        `loadLayersModel: ${first.name}`,
        ending,
        options,
        async () => new Uint8Array(await first.arrayBuffer()),
      );
    if (isList(source)) return browserFiles(files as ArrayLike<File>);
  }
  if (isObject(source) && can(source, 'load')) return source as IOHandler;
  throw fault(
    'type',
    `loadLayersModel: expected an address, files, or a place with a method load, got ${describe(source)}`,
  );
}

/**
 * Loads a model that TensorFlow.js, its converter or `model.save(place)` has written: from an address (`https://…`,
 * `indexeddb://…`, `localstorage://…`, in Node `file://…` or a path), from files that a user chose, or from a place of
 * your own. The ending of a name chooses other formats.
 * @throws What is wrong with which part of which file; nothing is left of the model then.
 * @example
 * const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [2] })] });
 * await model.save('localstorage://mine');
 * (await loadLayersModel('localstorage://mine')).countParams(); // → 3
 */
export async function loadLayersModel(
  pathOrIOHandler: string | URL | IOHandler | ArrayLike<File>,
  options?: LoadOptions,
): Promise<LayersModel> {
  const read = readOptions('loadLayersModel', options);
  const { strict = true } = read;
  if (typeof strict !== 'boolean')
    throw fault('type', `loadLayersModel: strict: expected true or false, got ${describe(strict)}`);
  await yieldNowAndThen();
  const place = await placeOf(pathOrIOHandler, read);
  if (place instanceof LayersModel) return place;
  const artifacts: ModelArtifacts = await place.load!();
  const { modelOf } = await import('./layers-model/read.js');
  const name =
    typeof pathOrIOHandler === 'string'
      ? `loadLayersModel: ${brief(pathOrIOHandler, 160)}`
      : 'loadLayersModel';
  return modelOf(name, artifacts, { strict });
}

declare module '../nn/model.js' {
  interface LayersModel {
    /**
     * The architecture and the weights; keep them where you like.
     * @example
     * const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [2] })] });
     * const { json, weights } = await model.save();
     * JSON.parse(json).class_name; // → 'Sequential'
     */
    save(): Promise<Saved>;
    /**
     * Saves the model where an address says (`indexeddb://name`, `localstorage://name`, `downloads://name`, in Node
     * `file://folder`, or `https://…`), or in a place of your own, as TensorFlow.js does; a name that ends with a format,
     * such as `file://model.keras`, is a file of that.
     */
    save(place: string | IOHandler, config?: SaveConfig): Promise<SaveResult>;
    /** Keeps an object of your own, which is saved with the model and comes back with it. */
    setUserDefinedMetadata(metadata: { [key: string]: unknown }): void;
    getUserDefinedMetadata(): { [key: string]: unknown } | undefined;
  }
}

const methods = {
  save,
  setUserDefinedMetadata(this: LayersModel, metadata: { [key: string]: unknown }): void {
    setMetadata('setUserDefinedMetadata', this, metadata);
  },
  getUserDefinedMetadata(this: LayersModel): { [key: string]: unknown } | undefined {
    return metadataOf(this);
  },
};
for (const [name, value] of Object.entries(methods))
  Object.defineProperty(LayersModel.prototype, name, { value, writable: true, configurable: true });

foreign.architecture = (where, json) => architectureIn(where, json);
foreign.keras = (where, json) => (isObject(json) && isKerasObject(json) ? readable(where, json) : json);
