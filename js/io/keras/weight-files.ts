/** Lets `model.loadWeights` know Keras' files of weights. */
import { weightFiles } from '../../nn/model.js';
import { isHdf5 } from '../hdf5/begins.js';
import { isZip } from '../zip/begins.js';

weightFiles.isOne = (bytes) => isHdf5(bytes) || isZip(bytes);
weightFiles.load = async (model, bytes) => {
  const { loadWeights } = await import('./weight-file.js');
  await loadWeights('loadWeights', model, bytes);
};
