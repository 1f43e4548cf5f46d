import { readFile, writeFile } from 'node:fs/promises';
import { connect } from '@nats-io/transport-node';
import { approvalId, type Approval } from '@stellwerk/contracts';
import { startTestNats, testDatabaseUrl, type TestNats } from '@stellwerk/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { buildDashboard, startBrowser } from '../../test/browser.js';
import { attempt, newRun, next, onBranch, step } from '../../test/runs.js';
import { startStatus, type StatusRig } from '../../test/status-rig.js';

let nats: TestNats;
let rig: StatusRig;
let browser: Browser;

beforeAll(async () => {
  await buildDashboard();
  nats = await startTestNats();
  rig = await startStatus(nats.url, await testDatabaseUrl());
  browser = await startBrowser();
}, 120_000);

vi.setConfig({ testTimeout: 90_000 });

afterAll(async () => {
  await browser?.close();
  await rig?.stop();
  await nats?.stop();
});

/** A page whose every complaint fails the test: a script error, a refused file, a breach of the security policy. */
const open = async (path: string, use: (page: Page) => Promise<void>, { viewport = { width: 1200, height: 800 }, expected = /^$/ } = {}): Promise<void> => {
  const context = await browser.newContext({ viewport });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => { if (message.type() === 'error' && !expected.test(message.text())) complaints.push(message.text()); });
  page.on('request', (request) => { if (!request.url().startsWith(rig.url)) complaints.push(`asked elsewhere: ${request.url()}`); });
  try {
    await page.goto(`${rig.url}${path}`);
    await use(page);
    expect(complaints).toEqual([]);
  } finally {
    await context.close();
  }
};

/** The browser itself writes each refused answer to the console. */
const REFUSED = /Failed to load resource: the server responded with a status of (404|503)/;

const row = (id: string): string => `[data-run="${id}"]`;

describe('the list of runs', () => {
  it('says so when there is none, and shows runs as they start and end', () => open('/', async (page) => {
    await page.getByText('No runs yet.').waitFor();
    await page.getByRole('status').filter({ hasText: 'live' }).waitFor();
    const run = newRun();
    await rig.publishRun('run.started', run);
    await page.locator(`${row(run.id)}[data-state="running"]`).waitFor();
    await rig.publishRun('run.failed', next(run, 'failed', { reason: 'step scan failed' }));
    await page.locator(`${row(run.id)}[data-state="failed"]`).filter({ hasText: 'step scan failed' }).waitFor();
    expect(await page.locator(row(run.id)).innerText()).toMatch(/failed[\s\S]*release[\s\S]*acme\/shop/);
  }));

  it('is filtered by flow, state and text, and keeps the filter in the address', () => open('/', async (page) => {
    const [one, other] = [newRun({ event: onBranch('feature/basket') }), newRun({ flow: 'nightly' })];
    await rig.publishRun('run.started', one);
    await rig.publishRun('run.started', other);
    await page.locator(row(other.id)).waitFor();
    await page.getByLabel('Text').fill('ACME feature/');
    await page.locator(row(other.id)).waitFor({ state: 'detached' });
    expect(await page.locator(row(one.id)).count()).toBe(1);
    await page.getByLabel('Text').fill('');
    await page.getByLabel('Flow').selectOption('nightly');
    await page.locator(row(one.id)).waitFor({ state: 'detached' });
    await page.reload();
    await page.locator(row(other.id)).waitFor();
    expect(await page.locator(row(one.id)).count()).toBe(0);
    await page.getByLabel('State').selectOption('succeeded');
    await page.getByText('No run fits the filter.').waitFor();
  }));

  it('takes a branch name for text, whatever it says', () => open('/', async (page) => {
    const branch = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>';
    const run = newRun({ event: { ...onBranch(branch), url: 'javascript:window.hacked=1', title: branch } });
    await rig.publishRun('run.started', run);
    await page.locator(row(run.id)).filter({ hasText: branch }).waitFor();
    await page.locator(`${row(run.id)} a`).click();
    await page.getByRole('heading', { level: 1, name: 'release' }).waitFor();
    await page.getByText(branch).first().waitFor();
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(await page.locator('a[href^="javascript:"]').count()).toBe(0);
  }));

  it('says that the connection is lost, and goes on by itself', () => open('/', async (page) => {
    await page.getByRole('status').filter({ hasText: 'live' }).waitFor();
    // The stream is cut by taking its reader away; the next tries reach nobody, then the service again.
    await page.route('**/api/runs/stream*', (route) => route.fulfill({ status: 503, body: '{}' }));
    await page.evaluate("history.replaceState(null, '', '/')");
    await page.reload();
    await page.getByRole('alert').filter({ hasText: 'connection is lost' }).waitFor();
    await page.unroute('**/api/runs/stream*');
    await page.getByRole('alert').waitFor({ state: 'detached' });
    const run = newRun();
    await rig.publishRun('run.started', run);
    await page.locator(row(run.id)).waitFor();
  }, { expected: REFUSED }));
});

describe('the flows', () => {
  it('are listed, and started by hand with what they ask for', () => open('/flows', async (page) => {
    await page.locator('[data-flow="release"]').filter({ hasText: 'Scan, then deploy' }).waitFor();
    const flow = page.locator('[data-flow="by-hand"]');
    await flow.getByRole('button', { name: 'Start …' }).click();
    await flow.getByLabel('count').fill('many');
    await flow.getByLabel('version').fill('1.2.3');
    await flow.getByRole('button', { name: 'Start by-hand' }).click();
    await flow.getByRole('status').filter({ hasText: 'count' }).waitFor();
    await flow.getByLabel('count').fill('7');
    await flow.getByRole('button', { name: 'Start by-hand' }).click();
    await page.waitForURL('**/runs/*');
    const rows = await rig.database.query<{ detail: { inputs: object } }>("SELECT detail FROM audit_log WHERE action = 'flow.run'");
    expect(rows.map(({ detail }) => detail.inputs)).toEqual([{ version: '1.2.3', count: 7, dry: false }]);
  }, { expected: /Failed to load resource: the server responded with a status of (404|422)/ }));

  it('start once, however often the button is pressed, and however often an order is repeated whose answer never came', () => open('/flows', async (page) => {
    let answers = 0;
    await page.route('**/api/flows/*/runs', async (route) => {
      const response = await route.fetch();
      answers += 1;
      await (answers === 1 ? route.abort() : route.fulfill({ response }));
    });
    const flow = page.locator('[data-flow="by-hand"]');
    await flow.getByRole('button', { name: 'Start …' }).click();
    await flow.getByLabel('version').fill('once');
    await flow.getByRole('button', { name: 'Start by-hand' }).click();
    await flow.getByRole('status').filter({ hasText: /fetch/i }).waitFor();
    await flow.getByRole('button', { name: 'Start by-hand' }).dblclick();
    await page.waitForURL('**/runs/*');
    expect(await rig.database.query("SELECT FROM audit_log WHERE action = 'flow.run' AND detail->'inputs'->>'version' = 'once'")).toHaveLength(1);
  }, { expected: /Failed to load resource/ }));

  it('say on every page that a change of them is refused, and why, until it is mended', async () => {
    const good = await readFile(rig.configFile, 'utf8');
    await open('/', async (page) => {
      await writeFile(rig.configFile, `${good}\n    nobody: { uses: nowhere/act }\n`);
      await page.getByRole('alert').filter({ hasText: 'change of the configuration is refused' }).getByRole('link').click();
      await page.getByRole('region', { name: 'Why the change is refused' }).filter({ hasText: 'resources.yaml:' }).filter({ hasText: 'nowhere' }).waitFor();
      await page.locator('[data-flow="release"]').waitFor();
      await writeFile(rig.configFile, good);
      await page.getByRole('alert').waitFor({ state: 'detached', timeout: 60_000 });
    }).finally(() => writeFile(rig.configFile, good));
  });
});

describe('one run', () => {
  const deployed = newRun({
    steps: [
      step('scan', 'succeeded', [], [attempt(1, 'failed', { reason: 'runner lost', finishedAt: '2026-01-01T00:10:00.000Z' }), attempt(2, 'succeeded', { finishedAt: '2026-01-01T00:20:00.000Z', outputs: { pipeline: 102, note: '<img src=x onerror=alert(1)>' } })]),
      step('e2e', 'running', ['scan'], [attempt(1, 'running')]), step('deploy', 'pending', ['e2e']),
    ],
  });

  it('is a graph of its steps with attempts and links, and moves', () => open(`/runs/${deployed.id}`, async (page) => {
    await page.getByText('There is no such run.').waitFor();
    await rig.publishRun('run.started', deployed);
    const graph = page.getByRole('group', { name: 'Steps and their order' });
    await graph.locator('[data-step="e2e"][data-state="running"]').waitFor();
    expect(await graph.locator('.node').count()).toBe(3);
    expect(await graph.locator('.edge').count()).toBe(2);
    const link = page.getByRole('link', { name: 'gitlab run 102' });
    expect(await link.getAttribute('href')).toBe('https://gitlab.example.com/acme/scan/-/pipelines/102');
    await page.getByText('runner lost').waitFor();
    await page.getByText('Outputs: note, pipeline').click();
    await page.locator('.outputs pre').filter({ hasText: '"note": "<img src=x onerror=alert(1)>"' }).waitFor();
    await rig.publishRun('step.changed', next(deployed, 'running', { steps: deployed.steps.map((one) => (one.name === 'e2e' ? { ...one, state: 'unknown' } : one)) }));
    await graph.locator('[data-step="e2e"][data-state="unknown"]').waitFor();
  }, { expected: REFUSED }));

  it('is used by keyboard: from a box of the graph to its step', () => open(`/runs/${deployed.id}`, async (page) => {
    await page.locator('[data-step="deploy"]').focus();
    await page.keyboard.press('Enter');
    await page.locator('#step-deploy:target').waitFor();
    expect(await page.locator('[data-step="deploy"]').getAttribute('aria-label')).toContain('deploy: pending');
  }));

  it('is cancelled only after a second yes, and what the router says is shown', () => open(`/runs/${deployed.id}`, async (page) => {
    await page.getByRole('button', { name: 'Cancel run' }).click();
    await page.getByRole('button', { name: 'No', exact: true }).click();
    await page.getByRole('button', { name: 'Cancel run' }).click();
    await page.getByRole('button', { name: 'Yes, cancel the run' }).click();
    await page.getByText('The router does not answer just now').waitFor();
  }, { expected: REFUSED }));

  it('shows who is asked and who said what, with buttons while it is open', () => {
    const run = newRun();
    const approval: Approval = {
      id: approvalId(run.id, 'ask', 1), run: run.id, flow: run.flow, step: 'ask', state: 'requested', by: ['alice', 'team:release'], count: 2, notAuthor: false,
      votes: [{ by: 'bob', decision: 'approve', at: '2026-01-01T00:00:00.000Z', comment: '<b>fine</b>' }], requestedAt: '2026-01-01T00:00:00.000Z', version: 2,
    };
    const asks = (some: Partial<Approval>, state: 'waiting' | 'failed') => [{ ...step('ask', state), uses: undefined, ...(state === 'waiting' && { awaits: { kind: 'approval' as const } }), approval: { ...approval, ...some } }];
    return open(`/runs/${run.id}`, async (page) => {
      const waiting = next(run, 'waiting', { steps: asks({}, 'waiting') });
      await rig.publishRun('run.waiting', waiting);
      await page.getByRole('group', { name: 'Steps and their order' }).getByText('waiting for approval').waitFor();
      await page.getByText('Approval by alice or team:release, 2 people: requested').waitFor();
      await page.getByText('<b>fine</b>').waitFor();
      await page.getByLabel('Comment').fill('go');
      await page.getByRole('button', { name: 'Deny' }).click();
      await page.getByText('The router does not answer just now').waitFor();
      await rig.publishRun('run.failed', next(waiting, 'failed', { steps: asks({ state: 'denied', version: 3 }, 'failed') }));
      await page.getByRole('button', { name: 'Approve' }).waitFor({ state: 'detached' });
    }, { expected: REFUSED });
  });

  it('that has failed can go on, or be rolled back after a look at what that would do', async () => {
    const run = newRun();
    await rig.publishRun('run.failed', next(run, 'failed', { reason: 'step scan failed' }));
    const router = await connect({ servers: nats.url });
    const plan = { cancels: [], steps: [{ step: 'deploy', undo: true }, { step: 'scan', undo: false, reason: 'it has no rollback' }] };
    router.subscribe('router.rollback', { callback: (_error, message) => {
      const { id, data } = message.json<{ id: string; data: { dryRun: boolean } }>();
      const response = data.dryRun ? { ok: true, status: 200, detail: '', plan } : { ok: true, status: 202, detail: 'the run is rolling-back' };
      message.respond(JSON.stringify({ id, response, isDisposed: true }));
    } });
    await router.flush();
    await open(`/runs/${run.id}`, async (page) => {
      await page.getByRole('button', { name: 'Roll back' }).click();
      await page.getByText('Undo deploy. Left as they are: scan (it has no rollback).').waitFor();
      await page.getByRole('button', { name: 'Yes, roll back' }).click();
      await page.getByText('the run is rolling-back').waitFor();
      await page.getByRole('button', { name: 'Retry' }).click();
      await page.getByRole('button', { name: 'Yes, go on' }).click();
      await page.getByText('The router does not answer just now').waitFor();
    }, { expected: REFUSED });
    await router.close();
  });

  it('fits a phone', () => open(`/runs/${deployed.id}`, async (page) => {
    await page.locator('[data-step="scan"]').waitFor();
    const [scan, deploy] = await Promise.all(['scan', 'deploy'].map((name) => page.locator(`[data-step="${name}"] rect`).boundingBox()));
    expect(deploy!.y).toBeGreaterThan(scan!.y + scan!.height);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await page.getByRole('link', { name: '← All runs' }).click();
    await page.locator(row(deployed.id)).waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  }, { viewport: { width: 375, height: 700 } }));
});
