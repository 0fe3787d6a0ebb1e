// The page's networks, as Keras writes them.
import { readFileSync } from 'node:fs';
import { at } from '../../scripts/run.mjs';

export const layer = (class_name, config = {}) => ({ class_name, config });

const networks = JSON.parse(readFileSync(at('www/src/networks.json'), 'utf8'));
const asKeras = (layers) => layers.map(({ className, config }) => layer(className, config));

export const dense = asKeras(networks.dense);
export const convnet = asKeras(networks.convnet);
