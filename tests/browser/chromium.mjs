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

export const launch = () =>
  chromium.launch({
    executablePath: browsers().chromium,
    // Chromium's sandbox does not start as root, as in most containers.
    args: process.getuid?.() === 0 ? [...quiet, '--no-sandbox'] : quiet,
  });
