/** Loaded for its effect: layers and their parts may be code of the user's. */
import { Variable } from '../tensor/variable.js';
import { Own } from './own.js';
import { provide } from './own-code.js';
import { asOwnRegularizer, giveParts, isPart, takeParts } from './parts.js';

provide({
  makeVariable: (store, shape) => new Variable(store, shape),
  makeOwn: (layer, base) => new Own(layer, base),
  asOwnRegularizer,
  giveParts,
  isPart,
  takeParts,
});
