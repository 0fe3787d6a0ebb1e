// Workers of the page, as tests look at them.

/** The page's workers can be ended, which tells the page nothing, and are counted. */
export const watchWorkers = () => {
  const Own = Worker;
  globalThis.workers = [];
  globalThis.Worker = class extends Own {
    constructor(...args) {
      super(...args);
      globalThis.workers.push(this);
    }
  };
};
