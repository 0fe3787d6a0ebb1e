/**
 * Which files of weights `model.loadWeights` takes besides those in the safetensors format, which the core reads: told by
 * their first bytes, and read by what is loaded then.
 */
import { weightFiles } from '../nn/model.js';
import { isHdf5 } from './hdf5/begins.js';
import { yieldNowAndThen } from './yielding.js';
import { isZip } from './zip/begins.js';

weightFiles.isOne = (bytes) => isHdf5(bytes) || isZip(bytes);
weightFiles.load = async (model, bytes) => {
  await yieldNowAndThen();
  const { loadWeights } = await import('./keras/weight-file.js');
  await loadWeights('loadWeights', model, bytes);
};
