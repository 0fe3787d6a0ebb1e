/** The formats of files, by the endings of their names. Each is a module of its own, loaded when it is asked for. */
import type { Bytes } from '../engine/bytes.js';
import { fault } from '../engine/errors.js';
import type { LayersModel } from '../nn/model.js';
import type { WriteOptions } from './portable.js';

/** What each format's module offers. `where` begins errors. */
export interface Format {
  write?(where: string, model: LayersModel, options?: WriteOptions): Promise<Bytes>;
  read?(where: string, bytes: Uint8Array): Promise<LayersModel>;
}

const readKeras: Format['read'] = async (where, bytes) =>
  (await import('./keras/format.js')).read(where, bytes);

const weightsAlone = (where: string): never => {
  const how = 'io.toSafetensors(model) gives them, and model.loadWeights(bytes) takes them';
  throw fault('name', `${where}: .safetensors files hold weights without a model: ${how}`);
};

/** The modules, by endings without the dot. */
export const FORMATS: Readonly<Record<string, () => Promise<Format>>> = {
  keras: async () => ({
    read: readKeras,
    async write(...given) {
      const { write } = await import('./keras/write-archive.js');
      return write(...given);
    },
  }),
  h5: async () => ({ read: readKeras }),
  onnx: async () => ({
    async write(where, model, options) {
      if (options?.includeOptimizer)
        throw fault('value', `${where}: includeOptimizer: an ONNX file has no place for an optimizer`);
      return (await import('./onnx/to-onnx.js')).write(where, model);
    },
  }),
  safetensors: async () => ({ write: weightsAlone, read: weightsAlone }),
};
