import { computed } from '@preact/signals';
import { hundredths } from '../format';
import { run, status } from '../state/session';
import { words } from '../words';

/** While it trains, figures change faster than anybody can hear of them. */
const result = computed(() => {
  const share = run.value?.testAccuracy;
  return status.value === 'done' && share !== undefined
    ? `${words.value.training.accuracy}: ${hundredths(share)} %`
    : '';
});

/** What a screen reader hears once a run has ended: how well the network reads now. */
export const Heard = () => (
  <p class="for-ears" role="status" data-part="heard">
    {result.value}
  </p>
);
