import { CONSUMERS, cloudEvent, type ConsumerSpec, type PlatformEvent } from '@stellwerk/contracts';
import { waitFor } from '@stellwerk/testing';
import type { Rig } from '@stellwerk/testing/rig';
import type { Scenario } from '../scenario.ts';
import { SINGLE } from '../setups.ts';
import { deliverInVain, publishRaw } from '../tools/broker.ts';
import { endsOf, underLoad } from '../tools/load.ts';

const POISON: readonly (readonly [string, string | Uint8Array])[] = [
  ['events.github.pipelinerun.finished', 'not { json'],
  ['events.gitlab.pipelinerun.finished', '{"specversion":"1.0"}'],
  ['events.jenkins.pipelinerun.finished', new Uint8Array([0xff, 0xfe, 0x00, 0x01])],
  ['events.github.pipelinerun.finished', '[]'],
  ['commands.gitlab.gitlab.trigger-pipeline', 'null'],
  ['commands.gitlab.gitlab.trigger-pipeline', '{"id":"x","data":{"run":5}}'],
  ['hooks.github.github', '\u0000'],
];

/** Deliveries after which a message counts as poison. */
const LIMIT = 20;

const matches = (filter: string, subject: string): boolean =>
  new RegExp(`^${filter.replaceAll('.', '\\.').replaceAll('*', '[^.]+').replace('>', '.+')}$`).test(subject);

const takers = (rig: Rig, subject: string): ConsumerSpec[] =>
  CONSUMERS.filter(({ service, filterSubjects }) => rig.services[service] && filterSubjects.some((filter) => matches(filter, subject)));

/** An event that starts nothing, but that the router has to look at. */
const harmless = (): string => JSON.stringify(cloudEvent<PlatformEvent>({
  id: `github:killer-${Date.now()}:pipelinerun.finished`, source: '/connections/github', type: 'pipelinerun.finished', subject: '1', time: new Date(),
  correlationId: 'killer', causationId: 'killer', data: { connection: 'github', platform: 'github', repository: 'acme/nobody', occurredAt: new Date().toISOString() },
}));

const deadLettersOf = async (rig: Rig, consumer: string): Promise<number> =>
  (await (await rig.nats.manager()).streams.info('DEAD_LETTERS', { subjects_filter: `dead-letters.*.${consumer}` })).state.subjects?.[`dead-letters.EVENTS.${consumer}`] ?? 0;

/** What cannot be read is buried at once; what kills its reader is buried before it is read the 21st time. */
export const poison: Scenario = {
  number: 22,
  title: 'poison: bad JSON, a handler that kills its process',
  setup: SINGLE,
  quick: true,
  async run({ rig, expected, check, did, quiet }) {
    let letters = 0;
    const sent = await underLoad(rig.driver, { flows: ['one', 'scan'], perSecond: 5 }, async () => {
      for (const [subject, body] of POISON) {
        await publishRaw(rig, subject, body);
        letters += takers(rig, subject).length;
      }
      await waitFor(async () => (await (await rig.nats.manager()).streams.info('DEAD_LETTERS')).state.messages >= letters, { what: `${letters} dead letters`, timeoutMs: 60_000 });
    });
    await quiet();
    const [router] = rig.service('router');
    const before = await deadLettersOf(rig, 'router-events');
    await router!.restart({ gently: true, env: { FAILPOINT: 'router.before-commit' } });
    const killer = await publishRaw(rig, 'events.github.pipelinerun.finished', harmless());
    await router!.dead(60_000);
    await deliverInVain(rig, 'router-events', killer, LIMIT);
    await router!.start();
    await waitFor(async () => (await deadLettersOf(rig, 'router-events')) === before + 1, { what: 'the killer to be buried', timeoutMs: 90_000 });
    expected.deadLetters = letters + 1;
    check(router!.isRunning, 'the router did not survive a message that was delivered too often');
    check((await endsOf(rig, sent)).missing === undefined, 'runs are missing');
    did(`${POISON.length} unreadable messages on three streams (${letters} letters, one a reader); one event that killed the router, and was buried after ${LIMIT} deliveries`);
  },
};
