import { createHmac, randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { RIG_SECRETS, type Delivery, type Rig } from '@stellwerk/testing/rig';
import type { Scenario } from '../scenario.ts';
import { SINGLE } from '../setups.ts';
import { endsOf, refusedBetween, underLoad } from '../tools/load.ts';

interface Attack { name: string; answer: readonly number[]; headers: Record<string, string>; body: Buffer }

const signed = (body: Buffer, more: Record<string, string> = {}): Record<string, string> => ({
  'content-type': 'application/json', 'x-github-event': 'workflow_run', 'x-github-delivery': randomUUID(),
  'x-hub-signature-256': `sha256=${createHmac('sha256', RIG_SECRETS.GITHUB_HOOK_SECRET).update(body).digest('hex')}`, ...more,
});

const MEGABYTE = 1_024 ** 2;

const attacks = (real: Delivery): Attack[] => {
  const huge = Buffer.alloc(27 * MEGABYTE, 0x20);
  const deep = Buffer.from(`{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`);
  const proto = Buffer.from(`{"__proto__":{"polluted":true,"action":"completed"},"constructor":{"prototype":{"polluted":true}},"action":"completed"}`);
  const zipped = gzipSync(real.body);
  const forged = { ...real.headers, 'x-github-delivery': randomUUID() };
  return [
    { name: 'forged signature', answer: [401, 429], body: real.body, headers: { ...forged, 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` } },
    { name: 'no signature', answer: [401, 429], body: real.body, headers: { 'content-type': 'application/json', 'x-github-event': 'workflow_run' } },
    { name: 'SHA-1 signature only', answer: [401, 429], body: real.body, headers: { 'content-type': 'application/json', 'x-github-event': 'workflow_run', 'x-hub-signature': `sha1=${createHmac('sha1', RIG_SECRETS.GITHUB_HOOK_SECRET).update(real.body).digest('hex')}` } },
    { name: 'body changed after signing', answer: [401, 429], body: Buffer.concat([real.body, Buffer.from(' ')]), headers: forged },
    { name: 'oversized', answer: [413], body: huge, headers: signed(huge) },
    { name: 'gzip', answer: [415], body: zipped, headers: signed(zipped, { 'content-encoding': 'gzip' }) },
    { name: 'deep JSON', answer: [400], body: deep, headers: signed(deep) },
    { name: '__proto__', answer: [202], body: proto, headers: signed(proto) },
    { name: 'not JSON', answer: [400], body: Buffer.from('{"a":'), headers: signed(Buffer.from('{"a":')) },
    { name: 'replayed', answer: [202], body: real.body, headers: { ...real.headers } },
    { name: 'replayed under another delivery id', answer: [202], body: real.body, headers: forged },
  ];
};

const post = async (rig: Rig, { headers, body }: Attack): Promise<number> => {
  try {
    return (await fetch(`${rig.front.doors()[0]}/hooks/github`, { method: 'POST', headers, body: new Uint8Array(body), signal: AbortSignal.timeout(20_000) })).status;
  } catch (error) {
    // A door that refuses early may close the connection on a sender that goes on sending.
    return (error as { cause?: { code?: string } }).cause?.code === 'EPIPE' || (error as { cause?: { code?: string } }).cause?.code === 'ECONNRESET' ? 413 : 0;
  }
};

/** Who knows no secret gets nothing done, and who sends on is served all the same. */
export const hostile: Scenario = {
  number: 32,
  title: 'forged, replayed, oversized, gzip, deep JSON, __proto__ during load',
  setup: SINGLE,
  quick: true,
  async run({ rig, full, expected, check, did, quiet }) {
    const real = rig.driver.make('one');
    await rig.driver.deliver(real);
    await quiet();
    const wrong = new Map<string, number>();
    let attempts = 0;
    const counts = rig.driver.ledger.counts();
    const sent = await underLoad(rig.driver, { flows: ['one', 'scan'], perSecond: 8, repeat: true }, async () => {
      for (let round = 0; round < (full ? 8 : 2); round += 1) {
        for (const attack of attacks(real)) {
          attempts += 1;
          const status = await post(rig, attack);
          if (!attack.answer.includes(status)) wrong.set(`${attack.name} was answered ${status}, expected ${attack.answer.join(' or ')}`, status);
        }
      }
    });
    for (const text of wrong.keys()) check(false, text);
    const refused = refusedBetween(counts, rig.driver.ledger.counts());
    check(refused === 0, `${refused} times an honest webhook was refused`);
    await quiet();
    const ends = await endsOf(rig, sent);
    check(ends.succeeded === sent.length, `honest runs ended ${JSON.stringify(ends)}`);
    const [row] = await rig.query<{ runs: number }>('SELECT count(*)::int AS runs FROM router.runs WHERE id = $1', [real.run]);
    check(row!.runs === 1, `the replayed webhook has ${row!.runs} runs`);
    expected.rssMegabytes = 400;
    did(`${attempts} attacks of ${attacks(real).length} kinds among ${sent.length} honest webhooks`);
  },
};
