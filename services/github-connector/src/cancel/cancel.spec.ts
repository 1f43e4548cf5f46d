import { afterEach, beforeEach, expect, it } from 'vitest';
import { startGithubRig, type GithubRig } from '../../spec/github-rig.js';

let rig: GithubRig;
beforeEach(async () => void (rig = await startGithubRig('cancel')));
afterEach(() => rig.close());

const send = (run: number) => rig.action.send(rig.call({ with: { repository: 'acme/shop', run: String(run) } }));

it('a run is cancelled, and one that has ended is left as it is', async () => {
  const running = rig.github.push({ workflow: 'ci.yml', milliseconds: 60_000 }) as { id: number };
  const { id } = await rig.ended();
  expect(await send(running.id)).toEqual({ kind: 'accepted' });
  expect(await send(id)).toEqual({ kind: 'accepted' });
  expect((await rig.github.journal()).filter(({ method }) => method === 'POST').map(({ answer }) => answer?.status)).toEqual([202, 409]);
});

it('a run that is not there is refused', async () => {
  await expect(send(1)).rejects.toThrow(/knows nothing of that name, or the credentials may not see it/);
});
