import { FINAL_RUN_STATES } from '@stellwerk/contracts';
import type { Rig } from '@stellwerk/testing/rig';

export interface SoakVerdict {
  made: number;
  accepted: number;
  runs: number;
  triggers: number;
  /** Webhooks with a 2xx whose run is not there. */
  lost: number;
  /** Triggers beyond one a command. */
  doubled: number;
  /** Runs by their end. */
  ends: Record<string, number>;
  /** Everything that is not as it should be, in words. */
  faults: string[];
}

const FLOWS = "('one', 'line', 'ship', 'build')";

/** Each counts what must not be. */
const MUST_BE_ZERO: readonly (readonly [words: string, sql: string])[] = [
  ['webhooks had a 2xx and their run is not there', 'SELECT run FROM soak.accepted EXCEPT SELECT id FROM router.runs'],
  ['runs stand for no webhook that was sent', `SELECT id FROM router.runs WHERE flow IN ${FLOWS} EXCEPT SELECT run FROM soak.made`],
  ['commands were accepted by a platform more than once', 'SELECT command FROM soak.triggers GROUP BY command HAVING count(*) > 1'],
  ['triggers were for commands that the router does not know', 'SELECT command FROM soak.triggers EXCEPT SELECT id FROM router.commands'],
  ['commands count as accepted and no platform was asked', "SELECT id FROM router.commands WHERE purpose = 'run' AND state = 'accepted' EXCEPT SELECT command FROM soak.triggers"],
  ['commands have no end', "SELECT id FROM router.commands WHERE state = 'sent'"],
  ['commands are left to a person', "SELECT id FROM router.commands WHERE state = 'unknown'"],
  ['runs have no end', `SELECT id FROM router.runs WHERE state NOT IN (${FINAL_RUN_STATES.map((state) => `'${state}'`).join(', ')})`],
  ['runs did not succeed, though every pipeline did', `SELECT id FROM router.runs WHERE flow IN ${FLOWS} AND state <> 'succeeded'`],
  ['runs are shown to people at another version', 'SELECT r.id FROM router.runs r LEFT JOIN status.runs s ON s.id = r.id::text WHERE s.version IS DISTINCT FROM r.version'],
  ['platform runs belong to two commands', ['github', 'gitlab', 'jenkins'].map((name) => `SELECT run_key FROM ${name}_connector.dispatches WHERE run_key IS NOT NULL GROUP BY run_key HAVING count(*) > 1`).join(' UNION ALL ')],
];

const count = async (rig: Rig, sql: string): Promise<number> => (await rig.query<{ n: number }>(`SELECT count(*)::int AS n FROM (${sql}) AS found`))[0]!.n;

/** What ledger, databases and journals say together. `soak.*` must be loaded. */
export const judge = async (rig: Rig): Promise<SoakVerdict> => {
  const faults: string[] = [];
  for (const [words, sql] of MUST_BE_ZERO) {
    const found = await count(rig, sql);
    if (found > 0) faults.push(`${found} ${words}, e.g. ${Object.values((await rig.query(`SELECT * FROM (${sql}) AS found LIMIT 1`))[0] ?? {})[0]}`);
  }
  const letters = (await (await rig.nats.manager()).streams.info('DEAD_LETTERS')).state.messages;
  if (letters > 0) faults.push(`${letters} dead letters`);
  for (const { name, code, signal } of rig.exits().filter(({ expected }) => !expected)) faults.push(`${name} ended by itself (${signal ?? `exit ${code}`})`);
  const ends = await rig.query<{ state: string; n: number }>('SELECT state, count(*)::int AS n FROM router.runs GROUP BY state');
  return {
    made: await count(rig, 'SELECT run FROM soak.made'), accepted: await count(rig, 'SELECT run FROM soak.accepted'),
    runs: await count(rig, 'SELECT id FROM router.runs'), triggers: await count(rig, 'SELECT command FROM soak.triggers'),
    lost: await count(rig, MUST_BE_ZERO[0]![1]), doubled: (await count(rig, 'SELECT command FROM soak.triggers')) - (await count(rig, 'SELECT DISTINCT command FROM soak.triggers')),
    ends: Object.fromEntries(ends.map(({ state, n }) => [state, n])), faults,
  };
};
