import { existsSync } from 'node:fs';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chromium, type Browser } from 'playwright-core';

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const USUAL = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const ROOT = join(import.meta.dirname, '..', '..', '..');

/** A real Chromium: `CHROMIUM_PATH`, else where Debian puts it. */
const chromiumPath = (env: NodeJS.ProcessEnv = process.env): string => {
  const path = env['CHROMIUM_PATH'] ?? USUAL.find((candidate) => existsSync(candidate));
  if (!path) throw new Error('no Chromium: set CHROMIUM_PATH, or install it (Debian: apt-get install chromium)');
  return path;
};

/** Headless, with an empty profile. */
export const startBrowser = (): Promise<Browser> => chromium.launch({ executablePath: chromiumPath(), headless: true, args: FLAGS });

/** The dashboard as it is in the sources now. */
export const buildDashboard = async (): Promise<void> => {
  const vite = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');
  await promisify(execFile)(process.execPath, [vite, 'build', '--logLevel', 'error'], { cwd: join(ROOT, 'dashboard') });
};
