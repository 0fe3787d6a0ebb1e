// Chromium as the tests start it.
import { chromium } from 'playwright-core';
import { browsers } from '../../scripts/browsers.mjs';

const quiet = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
];

/**
 * How it is launched. Its headless shell, where `HEADLESS_SHELL` names one, shows the same pages in three quarters of the
 * time; what is set in the browser itself only the `whole` one reads.
 */
export const options = ({ whole = false } = {}) => ({
  executablePath: (!whole && process.env.HEADLESS_SHELL) || browsers().chromium,
  // Chromium's sandbox does not start as root, as in most containers.
  args: process.getuid?.() === 0 ? [...quiet, '--no-sandbox'] : quiet,
});

export const launch = () => chromium.launch(options());
