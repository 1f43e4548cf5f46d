import { startTestNats, testDatabaseUrl, waitFor, type TestNats } from '@stellwerk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startIngress, type IngressRig } from '../../spec/ingress-rig.js';
import { onTheWay, runScript } from '../../spec/pipeline-script.js';
import { SECRETS } from '../../spec/signing.js';

/** Signed by python3, and where there is none by openssl. */
const SIGNERS = [['python3', ['openssl']], ['openssl', ['python3']]] as const;
const HOSTILE = 'feature/"\'`$(touch /tmp/pwned)`\\ ;&|<>*?~ü日本\u{1F600}';

let nats: TestNats;
let rig: IngressRig;
let next = 0;

beforeAll(async () => {
  nats = await startTestNats();
  rig = await startIngress(nats.url, await testDatabaseUrl(), {});
});

afterAll(async () => {
  await rig?.stop();
  await nats?.stop();
});

const hook = (): string => `${rig.url}/hooks/jenkins`;
/** What the library step writes; its numbers tell cases apart. */
const event = (more: { job?: string; branch?: string; phase?: string } = {}): { body: string; number: number } => {
  const number = (next += 1);
  const items = (more.job ?? 'shop/e2e').split('/').map((item) => `job/${encodeURIComponent(item)}/`).join('');
  const build = { number, phase: more.phase ?? 'COMPLETED', url: `${items}${number}/`, status: 'SUCCESS', timestamp: Date.now(), duration: 1_000, scm: { branch: more.branch ?? 'main', commit: 'a'.repeat(40) } };
  return { number, body: JSON.stringify({ name: 'e2e', url: items, build }) };
};
const toldOf = async (number: number) => (await rig.events(1)).filter(({ data }) => data.run?.number === number);

describe('the script of a pipeline', () => {
  it.each(SIGNERS)('signs by %s so that its event is taken, whatever the job and the branch are called', async (_, without) => {
    const job = `shop/${encodeURIComponent(HOSTILE)}`;
    const { body, number } = event({ job, branch: HOSTILE });
    expect(await runScript({ body, url: hook(), secret: SECRETS.jenkins, without })).toMatchObject({ code: 0, said: '' });
    const [told] = await waitFor(async () => { const found = await toldOf(number); return found.length > 0 && found; }, { what: 'the event' });
    expect(told!.data).toMatchObject({ repository: job, branch: HOSTILE, outcome: 'success' });
  });

  it.each(SIGNERS)('signs by %s every byte of a body, a newline in a branch name and one at the end too', async (_, without) => {
    const { body } = event({ branch: 'a\nb', phase: 'STARTED' });
    expect(await runScript({ body: `${body.replaceAll(',', ',\n')}\n\n`, url: hook(), secret: SECRETS.jenkins, without })).toMatchObject({ code: 0 });
  });

  it.each(SIGNERS)('makes with %s what the reference library makes of keys of any length', async (_, without) => {
    const seen: string[] = [];
    for (const secret of ['k', 'a key as text', 'x'.repeat(64), `${'y'.repeat(64)}z`, `whsec_${Buffer.alloc(24, 255).toString('base64')}`, `whsec_${Buffer.alloc(65, 0).toString('base64')}`, `whsec_${Buffer.from([0x36, 0x5c, 0, 10, 37, 92]).toString('base64')}`]) {
      const way = await onTheWay(rig.url, { answers: [{ status: 202 }] });
      const { body } = event();
      await runScript({ body, url: `${way.url}/hooks/jenkins`, secret, without });
      seen.push(way.verify(secret, body));
      await way.close();
    }
    expect(seen).toEqual(Array.from({ length: 7 }, () => 'fits'));
  });

  it('repeats what is answered by 503, signed anew, and is one delivery', async () => {
    const way = await onTheWay(rig.url, { answers: [{ status: 503, headers: { 'retry-after': '7' } }, { status: 503 }] });
    const { body, number } = event();
    const sent = await runScript({ body, url: `${way.url}/hooks/jenkins`, secret: SECRETS.jenkins });
    await way.close();
    expect(sent).toMatchObject({ code: 0, waits: [7, 2] });
    expect(way.seen.map(({ status }) => status)).toEqual([503, 503, 202]);
    expect(new Set(way.seen.map(({ id }) => id)).size).toBe(1);
    expect(await runScript({ body, url: hook(), secret: SECRETS.jenkins })).toMatchObject({ code: 0 });
    await runScript({ body: event().body, url: hook(), secret: SECRETS.jenkins });
    await waitFor(async () => (await toldOf(next)).length > 0, { what: 'the event after it' });
    expect(await toldOf(number)).toHaveLength(1);
  });

  it('gives up after six tries, and says what finds the build all the same', async () => {
    const way = await onTheWay(rig.url, { answers: Array.from({ length: 9 }, () => ({ status: 502 })) });
    const sent = await runScript({ body: event().body, url: `${way.url}/hooks/jenkins`, secret: SECRETS.jenkins });
    await way.close();
    expect(sent).toMatchObject({ code: 1, waits: [1, 2, 4, 8, 15] });
    expect(way.seen).toHaveLength(6);
    expect(sent.said).toContain('not taken after 6 tries');
  });

  it.each([
    ['a body that was changed on the way', { change: (body: string) => body.replace('SUCCESS', 'FAILURE') }, SECRETS.jenkins, '401'],
    ['another secret', {}, SECRETS.gitlab, '401'],
    ['a redirect', { answers: [{ status: 307, headers: { location: 'https://elsewhere.example.com/' } }] }, SECRETS.jenkins, 'redirect'],
  ])('does not repeat what is refused: %s', async (_, change, secret, words) => {
    const way = await onTheWay(rig.url, change);
    const sent = await runScript({ body: event().body, url: `${way.url}/hooks/jenkins`, secret });
    await way.close();
    expect(sent).toMatchObject({ code: 1, waits: [] });
    expect(sent.said).toContain(words);
    expect(way.seen).toHaveLength(1);
  });

  it.each(SIGNERS)('shows its secret nowhere: signed by %s, traced, in arguments, in what it says', async (_, without) => {
    const key = SECRETS.jenkins.slice('whsec_'.length);
    const shown = [SECRETS.jenkins, key, Buffer.from(key, 'base64').toString('hex'), Buffer.from(key, 'base64').toString('latin1')];
    for (const shell of [['sh', '-x'], ['bash', '-xv'], ['sh']]) {
      const sent = await runScript({ body: event().body, url: hook(), secret: SECRETS.jenkins, without, shell });
      expect(sent.code).toBe(0);
      expect(sent.started.some((line) => line.startsWith('curl '))).toBe(true);
      for (const secret of shown) expect(`${sent.said}\n${sent.started.join('\n')}`).not.toContain(secret);
    }
  });

  it.each([
    ['no event', { body: '' }, 'expected a file'],
    ['no secret', { secret: undefined }, 'STELLWERK_SECRET is not set'],
    ['no address of ours', { url: 'https://stellwerk.example.com/' }, 'expected https://<host>/hooks/<connection>'],
    ['an address that would be read as more', { url: 'https://a.example.com/hooks/x"\noutput = "/tmp/y' }, 'no URL has'],
    ['no curl', { without: ['curl'] }, 'curl is not there'],
    ['nothing to sign with', { without: ['python3', 'openssl'] }, 'neither python3 nor openssl'],
  ])('says what is missing: %s', async (_, more, words) => {
    const sent = await runScript({ body: event().body, url: hook(), secret: SECRETS.jenkins, ...more });
    expect(sent.code).toBe(2);
    expect(sent.said).toContain(words);
    expect(sent.started.some((line) => line.startsWith('curl '))).toBe(false);
  });
});
