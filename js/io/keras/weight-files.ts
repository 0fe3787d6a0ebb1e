/** Lets `model.loadWeights` know Keras' files of weights. */
import { weightFiles } from '../../nn/model.js';
import { isHdf5 } from '../hdf5/begins.js';

weightFiles.isOne = isHdf5;
weightFiles.load = async (model, bytes) => {
  const { loadWeights } = await import('./weight-file.js');
  loadWeights('loadWeights', model, bytes);
};
