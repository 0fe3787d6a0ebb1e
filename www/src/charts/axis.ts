/** The axis of epochs, which the two charts and the way through time share. */
import { history } from '../state/curves';
import { type Kept, runs } from '../state/runs';
import { run, settings } from '../state/session';

/** The runs that stand beside the present one. */
export const shownRuns = (): Kept[] => runs.value.filter(({ isShown }) => isShown);

/** Where the run that is under way ends; before there is one, the epochs that are asked for. */
const endOfRun = (): number => {
  const now = run.value;
  // A run that began within an epoch ends within one. Sums may differ from whole numbers in the last digit.
  return now ? Number((now.epochsBefore + now.epochs).toFixed(6)) : settings.value.epochs;
};

/** Where the axis ends: with the run that is under way, or with the longest of those beside it. */
export const lastEpoch = (): number => {
  const [end, newest] = [endOfRun(), history.x.at(-1) ?? 0];
  return Math.max(
    end,
    newest > end + 1e-6 ? Math.ceil(newest) : 0,
    ...shownRuns().map((kept) => Math.ceil((kept.history.testX.at(-1) ?? 0) - 1e-6)),
  );
};
