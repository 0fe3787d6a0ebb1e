/** The axis of epochs, which the two charts and the way through time share. */
import { history } from '../state/curves';
import { type Kept, runs } from '../state/runs';
import { allEpochs } from '../state/session';

/** The runs that stand beside the present one. */
export const shownRuns = (): Kept[] => runs.value.filter(({ isShown }) => isShown);

/** Where the axis ends: with the run that is under way, or with the longest of those beside it. */
export const lastEpoch = () =>
  Math.max(
    allEpochs.value,
    Math.ceil(history.x.at(-1) ?? 0),
    ...shownRuns().map((kept) => Math.ceil(kept.history.testX.at(-1) ?? 0)),
  );
