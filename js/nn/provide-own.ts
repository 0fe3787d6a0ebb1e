/** Loaded for its effect: layers and their parts may be code of the user's. */
import { noteSnapshot, Variable } from '../tensor/variable.js';
import './asked-members.js';
import { Own } from './own.js';
import { provide } from './own-code.js';
import { accuracy, asForeign, asJudge, noLoss } from './own-judges.js';
import { asOwnRegularizer, giveParts, isPart, takeParts } from './parts.js';
import { provideVariables } from './weight-variables.js';

provideVariables((store, shape) => new Variable(store, shape), noteSnapshot);
provide({
  makeOwn: (layer, base) => new Own(layer, base),
  asOwnRegularizer,
  giveParts,
  isPart,
  takeParts,
  accuracy,
  asForeign,
  asJudge,
  noLoss,
});
