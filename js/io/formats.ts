/** The formats of files, by the endings of their names. Each is a module of its own, loaded when it is asked for. */
import type { Bytes } from '../engine/bytes.js';
import type { LayersModel } from '../nn/model.js';
import type { WriteOptions } from './portable.js';

/** What each format's module offers. `where` begins errors. */
export interface Format {
  write?(where: string, model: LayersModel, options?: WriteOptions): Promise<Bytes>;
  read?(where: string, bytes: Uint8Array): Promise<LayersModel>;
}

/** The modules, by endings without the dot. */
export const FORMATS: Readonly<Record<string, () => Promise<Format>>> = {
  keras: () => import('./keras/format.js'),
};
