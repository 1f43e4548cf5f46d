import type { RunState } from '@stellwerk/contracts';
import type { EventContext } from '../model.js';
import { sendCommand } from './activity.js';
import type { Draft, ReportTarget } from './plan.js';
import type { ReportRecord, ReportState } from './run-record.js';
import { isQueued } from './slots.js';

const STATES: Readonly<Record<RunState, ReportState>> = {
  queued: 'pending', running: 'pending', waiting: 'pending', 'rolling-back': 'pending',
  succeeded: 'success', failed: 'failure', 'rolled-back': 'failure', cancelled: 'error',
};

const WORDS: Readonly<Record<RunState, string>> = {
  queued: 'Queued', running: 'Running', waiting: 'Waiting', succeeded: 'Succeeded', failed: 'Failed', cancelled: 'Cancelled',
  'rolling-back': 'Rolling back', 'rolled-back': 'Rolled back',
};

/** GitHub takes no more than 140 characters of description. */
const LONGEST = 140;

const description = ({ run }: Draft, state: ReportState): string => {
  if (state === 'pending') return WORDS[isQueued(run) ? 'queued' : run.state === 'rolling-back' ? 'rolling-back' : 'running'];
  const text = run.reason === undefined || run.state === 'succeeded' ? WORDS[run.state] : `${WORDS[run.state]}: ${run.reason}`;
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
};

/** The event that the connection told, where it told one: each platform hears of its own commit. */
const eventOf = ({ run: { event, events } }: Draft, connection: string): EventContext =>
  (event.connection === connection ? undefined : Object.values(events ?? {}).find((other) => other.connection === connection)) ?? event;

/** Where the platform is to show it beside the event's own run, if that is where the event came from. */
const placeOf = (draft: Draft, connection: string): { ref?: string; pipeline?: string } => {
  const event = eventOf(draft, connection);
  return connection === event.connection ? { ref: event.branch ?? event.tag, pipeline: event.run?.id } : {};
};

const send = (draft: Draft, target: Pick<ReportRecord, 'connection' | 'repository' | 'sha'>, state: ReportState): string => {
  draft.run.reportsSent += 1;
  return sendCommand(draft, 'report', draft.run.reportsSent, {
    step: 'report',
    connection: target.connection,
    action: 'set-status',
    with: {
      repository: target.repository, sha: target.sha, state, context: `stellwerk/${draft.run.flow}`,
      description: description(draft, state), target_url: draft.facts.runUrl, ...placeOf(draft, target.connection),
    },
    await: false,
  });
};

/** Says `pending` on the commit, where there is one. */
export const beginReports = (draft: Draft, targets: readonly ReportTarget[]): void => {
  for (const target of targets) {
    const { repository, sha } = eventOf(draft, target.connection);
    if (repository === undefined || sha === undefined) continue;
    draft.run.connections[target.connection] = target.platform;
    const command = send(draft, { ...target, repository, sha }, 'pending');
    draft.run.reports.push({ ...target, repository, sha, command, state: 'pending', answered: false, ...(isQueued(draft.run) && { queued: true }) });
  }
};

/** True when the command was a report of this run. */
export const answerReport = ({ run }: Draft, command: string): boolean => {
  const report = run.reports.find((candidate) => candidate.command === command);
  if (report) report.answered = true;
  return report !== undefined;
};

/** Says how the run ended, or that it goes on (once more, or after it was queued), as soon as what was said before was answered. */
export const updateReports = (draft: Draft): void => {
  const state = STATES[draft.run.state];
  for (const report of draft.run.reports) {
    const hasBegun = report.queued === true && !isQueued(draft.run);
    if (!report.answered || (report.state === state && !hasBegun)) continue;
    if (hasBegun) delete report.queued;
    report.command = send(draft, report, state);
    Object.assign(report, { state, answered: false });
  }
};
