/** Weights alone, by a manifest. */
import { checkFunction, describe, fault } from '../engine/errors.js';
import { isArray } from '../engine/look.js';
import type { NamedTensorMap } from '../tensor/containers.js';
import { make, type Tensor } from '../tensor/handle.js';
import { composite } from './buffers.js';
import { fetchAll } from './http.js';
import { readManifest } from './specs.js';
import type { WeightsManifestConfig } from './types.js';
import { checkLength, valuesOf } from './weights.js';

type FetchWeights = (fetchUrls: string[]) => Promise<ArrayBuffer[]>;
type LoadWeights = (
  manifest: WeightsManifestConfig,
  filePathPrefix?: string,
  weightNames?: string[],
) => Promise<NamedTensorMap>;

/**
 * Makes a function that loads weights by a manifest, all or those of some names; `fetchWeights` finds the files.
 * @example
 * const load = io.weightsLoaderFactory(async () => [Float32Array.of(1, 2).buffer]);
 * const specs = [{ name: 'a', shape: [2], dtype: 'float32' }];
 * (await load([{ paths: ['w.bin'], weights: specs }])).a; // → [1, 2]
 */
export function weightsLoaderFactory(fetchWeightsFunction: FetchWeights): LoadWeights {
  checkFunction('weightsLoaderFactory', fetchWeightsFunction);
  return loaderOf('weightsLoaderFactory', fetchWeightsFunction);
}

/** The function that loads; `where` begins its errors. */
function loaderOf(where: string, fetchWeights: FetchWeights): LoadWeights {
  return async (manifest, filePathPrefix = '', weightNames) => {
    const groups = readManifest(where, manifest);
    if (weightNames !== undefined && !isArray(weightNames))
      throw fault('type', `${where}: weightNames: expected a list, got ${describe(weightNames)}`);
    const known = groups.flatMap(({ specs }) => specs.map(({ name }) => name));
    const odd = weightNames?.find((name) => !known.includes(name));
    if (odd !== undefined)
      throw fault('name', `${where}: there is no weight ${describe(odd)}; there are ${known.join(', ')}`);
    const isWanted = (name: string): boolean => !weightNames || weightNames.includes(name);
    const wanted = groups.filter(({ specs }) => specs.some(({ name }) => isWanted(name)));
    if (typeof filePathPrefix !== 'string')
      throw fault('type', `${where}: filePathPrefix: expected a text, got ${describe(filePathPrefix)}`);
    const prefix = filePathPrefix.endsWith('/') ? filePathPrefix : `${filePathPrefix}/`;
    const urls = wanted.flatMap(({ paths }) => paths.map((path) => prefix + path));
    const files: unknown = await fetchWeights(urls);
    if (!isArray(files) || files.length !== urls.length)
      throw fault('type', `${where}: expected the bytes of ${urls.length} files, got ${describe(files)}`);
    const tensors = new Map<string, Tensor>();
    let first = 0;
    for (const { paths, specs } of wanted) {
      const data = composite(where, files.slice(first, first + paths.length) as ArrayBuffer[]);
      first += paths.length;
      checkLength(where, specs, data.byteLength);
      let at = 0;
      for (const spec of specs) {
        const { name, shape, dtype, bytes } = spec;
        if (isWanted(name))
          tensors.set(name, make(where, valuesOf(where, spec, data.slice(at, at + bytes)), shape, dtype));
        at += bytes;
      }
    }
    return Object.fromEntries(tensors);
  };
}

/**
 * Loads weights by a manifest from addresses that begin with a prefix.
 * @example
 * const weights = [{ name: 'a', shape: [2], dtype: 'float32' }];
 * (await io.loadWeights([{ paths: ['weights.bin'], weights }], './my-model')).a; // → [1, 2]
 */
export async function loadWeights(
  manifest: WeightsManifestConfig,
  filePathPrefix = '',
  weightNames?: string[],
  requestInit?: RequestInit,
): Promise<NamedTensorMap> {
  const load = loaderOf('loadWeights', (urls) =>
    fetchAll('loadWeights', urls, requestInit ? { requestInit } : {}),
  );
  return load(manifest, filePathPrefix, weightNames);
}
