// Where this machine keeps the browsers that the tests drive, and their drivers.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The first of these programs that is on PATH. */
export function findOnPath(...names) {
  for (const name of names) {
    for (const folder of process.env.PATH.split(delimiter)) {
      const file = join(folder, name);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {}
    }
  }
}

/** Paths, or `undefined` for what is missing. The environment's word comes first. */
export const browsers = () => ({
  chromium:
    process.env.CHROME_BIN ||
    findOnPath('chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'),
  /** Chromium's engine without windows: the same pages in three quarters of the time. */
  headlessShell: findOnPath('chromium-headless-shell'),
  chromedriver: process.env.CHROMEDRIVER || findOnPath('chromedriver'),
  firefox: process.env.FIREFOX_BIN || findOnPath('firefox-esr', 'firefox'),
  geckodriver: process.env.GECKODRIVER || findOnPath('geckodriver'),
});
