import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { COMMAND, startGithubRig, type GithubRig } from '../../spec/github-rig.js';

let rig: GithubRig;
beforeEach(async () => void (rig = await startGithubRig('dispatch-repository')));
afterEach(() => rig.close());

const of = (type: string, payload?: Record<string, unknown>) => ({ with: { repository: 'acme/shop', type, payload } });
const awaiting = (type: string, awaitPipeline: string) => ({ ...of(type), awaitPipeline, sentAt: new Date() });
const send = (type: string, commandId = COMMAND) => rig.action.send(rig.call({ ...of(type), commandId }));

describe('dispatching a repository event', () => {
  it('puts our id beside what the payload says', async () => {
    expect(await rig.action.send(rig.call(of('told', { version: '1.0', nested: { a: [1] } })))).toEqual({ kind: 'accepted' });
    expect(await rig.bodies()).toEqual([{ event_type: 'told', client_payload: { version: '1.0', nested: { a: [1] }, STELLWERK_ID: COMMAND } }]);
  });

  it('goes without our id where ten keys leave no room', async () => {
    const payload = Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`k${n}`, n]));
    await rig.action.send(rig.call(of('told', payload)));
    expect((await rig.bodies())[0]!.client_payload).toEqual(payload);
  });

  it.each([
    ['a type of more than a hundred characters', of('x'.repeat(101)), /`type` has 101 characters, expected at most 100/],
    ['more than ten keys', of('told', Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`k${n}`, n]))), /`payload` has 11 keys, expected at most 10/],
    ['64 KB', of('told', { large: 'ä'.repeat(32_750) }), /`payload` has \d+ bytes with our id, expected less than 65536/],
    ['a repository that is none', { with: { repository: 'acme', type: 'told' } }, /not owner\/name/],
  ])('sends nothing for %s', async (_, options, words) => {
    await expect((async () => rig.action.send(rig.call(options)))()).rejects.toThrow(words);
    expect(await rig.bodies()).toEqual([]);
  });

  it('has a run to follow when the step names its pipeline, by name or file', async () => {
    expect(rig.action.followsFor!(rig.call(of('told')).command)).toBe(false);
    expect(rig.action.followsFor!(rig.call(awaiting('told', 'told.yml')).command)).toBe(true);
    for (const name of ['told.yml', '.github/workflows/told.yml', 'Told']) {
      const call = rig.call({ ...awaiting('told', name), commandId: `${COMMAND}${name.length}` });
      await rig.action.send(call);
      expect(await rig.action.lookUp!(call)).toMatchObject({ kind: 'found', run: { pipeline: name, repository: 'acme/shop' } });
    }
  });
});

describe('what became of a repository dispatch', () => {
  it('is told by the title, also where no pipeline is awaited', async () => {
    const sentAt = new Date();
    await send('told');
    await send('told', `${COMMAND}0`);
    expect(await rig.action.lookUp!(rig.call({ ...of('told'), sentAt }))).toMatchObject({ kind: 'found', run: { pipeline: 'Told' } });
  });

  it('is not known from there being nothing, where no pipeline is awaited', async () => {
    expect(await rig.action.lookUp!(rig.call({ ...of('told'), sentAt: new Date() }))).toMatchObject({ kind: 'cannot', reason: expect.stringContaining('github.event.client_payload.STELLWERK_ID') });
  });

  it('is the sole run of the awaited pipeline that no other command owns', async () => {
    const sought = awaiting('plain', 'plain.yml');
    await send('plain');
    const found = await rig.action.lookUp!(rig.call(sought));
    expect(found).toMatchObject({ kind: 'found', run: { pipeline: 'plain.yml' } });
    await send('plain');
    expect(await rig.action.lookUp!(rig.call(sought))).toMatchObject({ kind: 'cannot', reason: expect.stringMatching(/^2 runs of plain\.yml could be this one/) });
    const { run } = found as { run: { id: string } };
    expect(await rig.action.lookUp!(rig.call({ ...sought, claimed: [run.id] }))).toMatchObject({ kind: 'found' });
  });

  it('is that it never arrived only where it has left no other trace', async () => {
    const sought = awaiting('plain', 'plain.yml');
    expect(await rig.action.lookUp!(rig.call(sought))).toEqual({ kind: 'absent' });
    // Another command's, as its title says.
    await send('told', COMMAND.replace('step', 'other'));
    expect(await rig.action.lookUp!(rig.call(sought))).toEqual({ kind: 'absent' });
    await send('other');
    expect(await rig.action.lookUp!(rig.call(sought))).toMatchObject({ kind: 'cannot', reason: expect.stringContaining('1 of other workflows') });
  });

  it('is the run of the awaited pipeline, also where another one shows our id, which is proof that it arrived', async () => {
    const sought = awaiting('shared', 'told.yml');
    await send('shared');
    expect(await rig.action.lookUp!(rig.call(sought))).toMatchObject({ kind: 'found', run: { pipeline: 'told.yml' } });
    expect(await rig.action.lookUp!(rig.call({ ...sought, awaitPipeline: 'echo.yml' }))).toMatchObject({ kind: 'found', run: { pipeline: 'echo.yml' } });
    expect(await rig.action.lookUp!(rig.call({ ...sought, awaitPipeline: 'gone.yml' }))).toMatchObject({ kind: 'cannot', reason: expect.stringContaining('2 of other workflows') });
  });

  it('is asked one after the other until a run is seen to show our id', async () => {
    const call = rig.call(awaiting('told', 'told.yml'));
    expect([await rig.action.exclusive(call), await rig.action.exclusive(rig.call(of('told')))]).toEqual([true, false]);
    await rig.action.send(call);
    await rig.action.lookUp!(call);
    expect(await rig.action.exclusive(call)).toBe(false);
  });
});
