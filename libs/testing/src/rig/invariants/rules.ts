import { FINAL_RUN_STATES, FINAL_STEP_STATES, type RunSnapshot } from '@stellwerk/contracts';
import type { Expected, Facts, Trigger, Violation } from './facts.js';

type Rule = (facts: Facts, expected: Expected) => string[];

const some = (texts: string[], most = 5): string[] => (texts.length <= most ? texts : [...texts.slice(0, most), `… and ${texts.length - most} more`]);

/** I1: every delivery with a 2xx is in the inbox or the dead letters, and has started the run it stands for. */
export const nothingLost: Rule = ({ promised, inbox, buried, runs }) => {
  const known = new Set(runs.map(({ id }) => id));
  return promised.flatMap(({ connection, delivery, flow, run }) => {
    const hook = `${connection}:${delivery}`;
    if (buried.has(hook)) return [];
    if (!inbox.has(hook)) return [`delivery ${hook} had a 2xx and is in neither inbox nor dead letters`];
    return run === undefined || known.has(run) ? [] : [`delivery ${hook} had a 2xx and did not start its run ${run} of ${flow}`];
  });
};

const byCommand = (triggers: readonly Trigger[]): Map<string, Trigger[]> => Map.groupBy(triggers.filter(({ accepted, command }) => accepted && command !== ''), ({ command }) => command);

/** I2: per command at most one accepted trigger, none without a command or without its id, one for each that is said to have triggered, and no run nobody asked for. */
export const nothingTwice: Rule = ({ triggers, commands, dispatches, runs, promised, asked, since }, expected) => {
  const accepted = byCommand(triggers);
  const recent = [...accepted].filter(([, all]) => all.some(({ at }) => at >= since));
  const known = new Set(commands.map(({ id }) => id));
  const flows = new Set(promised.map(({ flow }) => flow));
  const starting = commands.filter(({ purpose }) => purpose === 'run' || purpose === 'rollback').map(({ id }) => id);
  const anonymous = triggers.filter(({ accepted: yes, command, at }) => yes && command === '' && at >= since).length;
  const triggered = new Set(dispatches.filter(({ state }) => state === 'TRIGGERED').map(({ command }) => command));
  const unasked = starting.filter((id) => triggered.has(id) && !accepted.has(id));
  return [
    ...recent.filter(([, all]) => all.length > 1).map(([command, all]) => `${command} was accepted ${all.length} times (${all.map(({ platform, at }) => `${platform} ${at}`).join(', ')})`),
    ...recent.filter(([command, all]) => !known.has(command) && all[0]!.at >= since).map(([command]) => `a platform was given ${command}, which the router does not know`),
    ...(anonymous > (expected.anonymous ?? 0) ? [`${anonymous} accepted triggers carry no id of ours, expected were at most ${expected.anonymous ?? 0}`] : []),
    ...(unasked.length > (expected.anonymous ?? 0) ? unasked : []).map((id) => `${id} is said to have triggered, and no platform was asked`),
    ...runs.filter(({ id, flow }) => flows.has(flow) && !asked.has(id)).map(({ id, flow }) => `run ${id} of ${flow} stands for no delivery that was sent`),
  ];
};

const SETTLED: Readonly<Record<string, string>> = { TRIGGERED: 'accepted', FAILED: 'rejected', UNKNOWN: 'unknown' };

/** I3: every command has come to an end that its dispatch agrees with, and says why when it is a bad one; runs succeed unless the scenario forbids it. */
export const everyCommandEnds: Rule = ({ commands, dispatches, runs }, expected) => {
  const of = new Map(dispatches.map((dispatch) => [dispatch.command, dispatch]));
  const wrong = commands.flatMap(({ id, state, reason }) => {
    const dispatch = of.get(id);
    if (!dispatch) return state === 'unknown' && reason ? [] : [`${id} (${state}) was never taken by a connector`];
    const wanted = SETTLED[dispatch.state];
    if (wanted === undefined || (wanted === 'unknown' && !dispatch.toldUnknown)) return [`${id} is still ${dispatch.state}`];
    if (state !== wanted && state !== 'given-up') return [`${id} is ${state} for the router and ${dispatch.state} for its connector`];
    return wanted === 'accepted' || (reason && dispatch.reason) ? [] : [`${id} is ${state} without a reason`];
  });
  const count = (state: string): number => commands.filter((command) => command.state === state).length;
  const surplus = (['unknown', 'rejected'] as const).flatMap((state) => (count(state) > (expected[state] ?? 0)
    ? [`${count(state)} commands are ${state}, expected were at most ${expected[state] ?? 0}: ${commands.find((command) => command.state === state)!.reason}`] : []));
  const unhappy = runs.filter(({ state }) => state !== 'succeeded');
  const many = unhappy.length > (expected.unhappy ?? 0) ? unhappy.map(({ id, flow, state, reason }) => `run ${id} of ${flow} is ${state}: ${reason ?? 'no reason given'}`) : [];
  return [...wrong, ...surplus, ...many];
};

/** I4: the platform run we hold for a command is the one its platform started for it, and belongs to no other. */
export const sameRunIds: Rule = ({ dispatches, platformRuns, commands }) => {
  const keys = Map.groupBy(dispatches.filter(({ runKey }) => runKey !== null), ({ runKey }) => runKey!);
  const keyOf = new Map(commands.map(({ id, runKey }) => [id, runKey]));
  return [
    ...dispatches.flatMap(({ command, platformRun }) => {
      const told = platformRuns.get(command);
      return platformRun === null || !told || told.has(platformRun) ? [] : [`${command} is held to be run ${platformRun}; the platform says ${[...told].join(', ')}`];
    }),
    ...[...keys].filter(([, all]) => all.length > 1).map(([key, all]) => `${key} is claimed by ${all.map(({ command }) => command).join(' and ')}`),
    ...dispatches.flatMap(({ command, runKey }) => {
      const routers = keyOf.get(command);
      return runKey && routers && runKey !== routers ? [`${command}: the connector follows ${runKey}, the router ${routers}`] : [];
    }),
  ];
};

const leaves = (before: RunSnapshot, after: RunSnapshot): string[] => {
  const texts: string[] = [];
  if (FINAL_RUN_STATES.includes(before.state) && after.state !== before.state && after.attempt === before.attempt) texts.push(`run ${after.id} went from ${before.state} to ${after.state}`);
  for (const step of before.steps) for (const attempt of step.attempts) {
    const later = after.steps.find(({ name }) => name === step.name)?.attempts.find(({ number }) => number === attempt.number);
    if (FINAL_STEP_STATES.includes(attempt.state) && later?.state !== attempt.state) texts.push(`run ${after.id}: attempt ${attempt.number} of ${step.name} went from ${attempt.state} to ${later?.state ?? 'nothing'}`);
  }
  return texts;
};

const essence = ({ state, attempt, steps }: RunSnapshot): string => JSON.stringify([state, attempt, steps.map(({ name, state: now, attempts }) => [name, now, attempts.map((one) => [one.number, one.state, one.command])])]);

/** I5: one version is one state, nothing leaves an end state, and what people see is the newest. */
export const versionsOnlyGrow: Rule = ({ snapshots, runs }) => [
  ...[...Map.groupBy(snapshots, ({ id }) => id).values()].flatMap((all) => {
    const ordered = [...all].sort((a, b) => a.version - b.version);
    return ordered.slice(1).flatMap((after, i) => {
      const before = ordered[i]!;
      if (before.version === after.version) return essence(before) === essence(after) ? [] : [`run ${after.id} has two different versions ${after.version}`];
      return leaves(before, after);
    });
  }),
  ...runs.filter(({ version, shownVersion }) => shownVersion !== version).map(({ id, version, shownVersion }) => `run ${id} is at version ${version}, people see ${shownVersion ?? 'nothing'}`),
];

/** I6: nothing is left to be done, and nothing was given up that should not. */
export const nothingLeft: Rule = ({ consumers, leftOver, deadLetters }, expected) => [
  ...consumers.filter(({ pending, ackPending }) => pending + ackPending > 0).map(({ name, pending, ackPending }) => `${name}: ${pending} pending, ${ackPending} without ack`),
  ...Object.entries(leftOver).filter(([, rows]) => rows > 0).map(([table, rows]) => `${rows} rows left in ${table}`),
  ...(deadLetters === (expected.deadLetters ?? 0) ? [] : [`${deadLetters} dead letters, expected were ${expected.deadLetters ?? 0}`]),
];

/** I7: no process ended by itself, and none grows beyond its bounds. */
export const processesBehave: Rule = ({ exits, processes }, { rssMegabytes = 300, handles = 300 }) => [
  ...exits.filter(({ expected }) => !expected).map(({ name, code, signal, at }) => `${name} ended by itself at ${at.toISOString()} (${signal ?? `exit ${code}`})`),
  ...processes.filter((one) => one.rssMegabytes > rssMegabytes).map((one) => `${one.name} uses ${one.rssMegabytes} MB, allowed are ${rssMegabytes}`),
  ...processes.filter((one) => one.handles > handles).map((one) => `${one.name} holds ${one.handles} handles, allowed are ${handles}`),
];

/** I8: each run is what its history makes of it, and no move of it is outside of the tables: else making it anew would be refused. */
export const historiesHold: Rule = ({ histories }, { historyless = false }) =>
  (historyless ? [] : histories.map(({ run, faults }) => `run ${run} is not what its history says: ${faults.join('; ')}`));

const RULES: readonly (readonly [Violation['invariant'], Rule])[] = [
  ['I1', nothingLost], ['I2', nothingTwice], ['I3', everyCommandEnds], ['I4', sameRunIds], ['I5', versionsOnlyGrow], ['I6', nothingLeft], ['I7', processesBehave], ['I8', historiesHold],
];

/** Every broken rule, each at most with a few examples. */
export const violationsOf = (facts: Facts, expected: Expected = {}): Violation[] =>
  RULES.flatMap(([invariant, rule]) => some(rule(facts, expected)).map((text) => ({ invariant, text })));

/** Figures for a table: deliveries that were promised and runs that are missing, triggers beyond one per command. */
export const countsOf = ({ promised, runs, triggers, buried, since }: Facts): { deliveries: number; runs: number; triggers: number; lost: number; doubled: number } => {
  const known = new Set(runs.map(({ id }) => id));
  const recent = byCommand(triggers.filter(({ at }) => at >= since));
  return {
    deliveries: promised.length, runs: runs.length, triggers: [...recent.values()].flat().length,
    lost: promised.filter(({ run, connection, delivery }) => run !== undefined && !known.has(run) && !buried.has(`${connection}:${delivery}`)).length,
    doubled: [...byCommand(triggers)].filter(([command, all]) => recent.has(command) && all.length > 1).length,
  };
};
