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

/** How it is launched. */
export const options = () => ({
  executablePath: browsers().chromium,
  // Chromium's sandbox does not start as root, as in most containers.
  args: process.getuid?.() === 0 ? [...quiet, '--no-sandbox'] : quiet,
});

export const launch = () => chromium.launch(options());
