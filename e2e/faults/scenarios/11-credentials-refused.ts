import { waitFor } from '@stellwerk/testing';
import { RIG_SECRETS, connectionResource, type Rig } from '@stellwerk/testing/rig';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { callsSince } from '../platform-calls.ts';
import type { Scenario } from '../scenario.ts';
import { SINGLE } from '../setups.ts';

const HOOKS = 10;
/** One finds out, a few may be under way with it; none follows while the connection is paused. */
const MOST_CALLS = 12;

const health = async (rig: Rig): Promise<{ paused: boolean; reason: string | null }> => {
  const [status] = rig.service('status');
  const { items } = await (await fetch(`http://127.0.0.1:${status!.doorPort}/api/connections`)).json() as { items: { name: string; health: { paused: boolean; reason: string | null } }[] };
  return items.find(({ name }) => name === 'gitlab')!.health;
};

/** A token that is no good: the connection pauses and says so, and goes on as soon as the file has the right one. */
export const credentialsRefused: Scenario = {
  number: 11,
  title: '401: paused, alert, resumes with the new secret',
  setup: SINGLE,
  async run({ rig, check, did, quiet }) {
    const { gitlab } = rig.platforms;
    const file = join(rig.dir, 'gitlab-token');
    writeFileSync(file, 'glpat-expired\n');
    const url = `http://127.0.0.1:${await rig.lines.platform('gitlab', gitlab.port)}`;
    const more = { ...rig.options.connections?.gitlab, auth: { token: { file } } };
    rig.put(connectionResource('gitlab', url, more));
    const began = new Date();
    // The new settings are taken seconds later: what comes before goes out with the old token, and well.
    let sent = 0;
    await waitFor(async () => {
      await rig.driver.deliver(rig.driver.make('scan'));
      sent += 1;
      return (await health(rig)).paused;
    }, { what: 'the connection to be paused', timeoutMs: 60_000, everyMs: 1_000 });
    const [connector] = rig.service('gitlab-connector');
    check(/connection_paused\{connection="gitlab"[^}]*\} 1/.test(await connector!.metrics()), 'no metric says that the connection is paused');
    check(/credentials/.test((await health(rig)).reason ?? ''), 'people are not told why');
    await rig.driver.load({ flows: ['scan'], count: HOOKS, connections: 4, repeat: true });
    const refused = callsSince(gitlab, began).filter(({ answer }) => answer?.status === 401).length;
    check(refused <= MOST_CALLS, `${refused} calls with refused credentials, allowed are ${MOST_CALLS}`);
    writeFileSync(file, `${RIG_SECRETS.GITLAB_TOKEN}\n`);
    await quiet();
    check(!(await health(rig)).paused, 'the connection is still shown as paused after the new secret');
    rig.put(connectionResource('gitlab', url, rig.options.connections?.gitlab));
    did(`GitLab refused the token: ${refused} calls for ${HOOKS + sent} hooks; then the file held the right one`);
  },
};
