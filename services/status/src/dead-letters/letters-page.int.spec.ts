import { startTestNats, testDatabaseUrl, waitFor, type TestNats } from '@stellwerk/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { buildDashboard, startBrowser } from '../../test/browser.js';
import { letterOf, openBroker, type Broker } from '../../test/letters.js';
import { startStatus, type StatusRig } from '../../test/status-rig.js';

let nats: TestNats;
let rig: StatusRig;
let browser: Browser;
let broker: Broker;

beforeAll(async () => {
  await buildDashboard();
  nats = await startTestNats();
  rig = await startStatus(nats.url, await testDatabaseUrl());
  broker = await openBroker(nats.url);
  browser = await startBrowser();
}, 120_000);

vi.setConfig({ testTimeout: 90_000 });

afterAll(async () => {
  await browser?.close();
  await broker?.close();
  await rig?.stop();
  await nats?.stop();
});

const open = async (use: (page: Page) => Promise<void>, width = 1200): Promise<void> => {
  const page = await browser.newPage({ viewport: { width, height: 800 } });
  page.setDefaultTimeout(20_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => { if (message.type() === 'error') complaints.push(message.text()); });
  try {
    await page.goto(`${rig.url}/`);
    await page.getByRole('link', { name: 'Dead letters' }).click();
    await use(page);
    expect(complaints).toEqual([]);
  } finally {
    await page.close();
  }
};

describe('the page of dead letters', () => {
  it('says so when none is open, and shows one as it comes, with its reason and body as text', () => open(async (page) => {
    await page.getByText('Nothing is open').waitFor();
    await broker.publish(letterOf({ messageId: 'page:1', body: '<img src=x onerror=alert(1)>', reason: 'not a CloudEvent <b>' }));
    const letter = page.locator('.letter').filter({ hasText: 'not a CloudEvent <b>' });
    await letter.locator('summary').click();
    await letter.getByText('<img src=x onerror=alert(1)>').waitFor();
    await letter.getByText('page:1', { exact: true }).waitFor();
  }));

  it('replays a letter by one click, and purges one for a reason', () => open(async (page) => {
    await broker.publish(letterOf({ messageId: 'page:2', body: '{}', reason: 'to be replayed' }));
    await broker.publish(letterOf({ messageId: 'page:3', body: '{}', reason: 'to be purged' }));
    const replayed = page.locator('.letter').filter({ hasText: 'to be replayed' });
    await replayed.getByRole('button', { name: 'Replay' }).click();
    await replayed.getByText('will be sent once more').waitFor();
    await waitFor(async () => (await broker.stored('EVENTS')).some(({ id }) => id.startsWith('page:2:replay:')), { what: 'the replay' });
    const purged = page.locator('.letter').filter({ hasText: 'to be purged' });
    await purged.getByRole('button', { name: 'Purge' }).click();
    await purged.getByLabel('Why may it go?').fill('a test');
    await purged.getByRole('button', { name: 'Purge', exact: true }).click();
    await purged.getByText('was purged').waitFor();
    await page.getByLabel('State').selectOption('purged');
    await page.getByText('Purged by local: a test').waitFor();
    await replayed.waitFor({ state: 'detached' });
  }));

  it('fits a phone', () => open(async (page) => {
    await broker.publish(letterOf({ messageId: `page:4:${'x'.repeat(150)}`, body: 'y'.repeat(500), reason: `long ${'z'.repeat(200)}` }));
    await page.locator('.letter').filter({ hasText: 'long z' }).locator('summary').click();
    const { inner, scroll } = await page.evaluate('({ inner: innerWidth, scroll: document.documentElement.scrollWidth })') as { inner: number; scroll: number };
    expect(scroll).toBeLessThanOrEqual(inner);
  }, 390));
});
