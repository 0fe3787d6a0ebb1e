/** How memory is freed when the collector has found tensors. */
import { release } from './cell.js';
import type { Account } from './chain.js';

/**
 * Tensors that are told of together when the collector has found them: to register each would cost more than a small
 * op. A batch that holds a tensor which lives long is freed late, when memory asks for it.
 */
export class Batch {
  readonly accounts: (Account | undefined)[] = [];
  bytes = 0;
}
const MOST_IN_BATCH = 32;
const MOST_BYTES_IN_BATCH = 2 ** 16;

/** The batch that is being filled, and what is told when the collector has found one. */
class Batches {
  #batch = new Batch();
  readonly #registry: FinalizationRegistry<(Account | undefined)[]>;

  constructor(areCounted: boolean) {
    this.#registry = new FinalizationRegistry((accounts) => {
      for (const account of accounts) if (account) release(account, areCounted);
    });
  }
  enlist(account: Account): Batch {
    const { accounts, bytes } = this.#batch;
    if (accounts.length === MOST_IN_BATCH || bytes >= MOST_BYTES_IN_BATCH) this.#batch = new Batch();
    const batch = this.#batch;
    if (batch.accounts.length === 0) this.#registry.register(batch, batch.accounts);
    batch.accounts.push(account);
    batch.bytes += account.bytes;
    return batch;
  }
}
const counted = new Batches(true);
const uncounted = new Batches(false);

/** The batch for a new tensor, whose place in it is the last. */
export const enlist = (account: Account, isCounted: boolean): Batch =>
  (isCounted ? counted : uncounted).enlist(account);
