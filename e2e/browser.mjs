// Opens the Chromium that the system has: nothing is downloaded for it.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome'];

function installed() {
  for (const name of names) {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // not in this folder
      }
    }
  }
  throw new Error(`no Chromium found (${names.join(', ')}): run "make deps"`);
}

// The two widths every page is looked at: a telephone and a desk.
export const screens = {
  360: { viewport: { width: 360, height: 780 }, isMobile: true, hasTouch: true },
  1280: { viewport: { width: 1280, height: 800 } },
};

// openBrowser opens it; with drawing it draws in three dimensions without a graphics card.
export function openBrowser({ drawing = false } = {}) {
  // Chromium's own sandbox can not be set up by root.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  if (drawing) args.push('--use-angle=swiftshader', '--enable-unsafe-swiftshader');
  return chromium.launch({ executablePath: installed(), args });
}
