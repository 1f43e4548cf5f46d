import type { Outcome, Platform, PlatformEvent } from '@stellwerk/contracts';
import { SpanKind, recordSpan, type Attributes } from '@stellwerk/service-kit';
import type { WatchedRun } from './watch.repository.js';

/** https://opentelemetry.io/docs/specs/semconv/registry/attributes/cicd/ */
const RESULTS: Readonly<Record<Outcome, string>> = {
  success: 'success', failure: 'failure', error: 'error', timeout: 'timeout', cancelled: 'cancellation', skipped: 'skip',
};
/** The others' `repository` is a job, deployment, namespace or application. */
const HOSTS_CODE: readonly Platform[] = ['github', 'gitlab'];
const FAILED: readonly Outcome[] = ['failure', 'error', 'timeout'];

const present = (attributes: Record<string, string | undefined>): Attributes =>
  Object.fromEntries(Object.entries(attributes).filter((entry): entry is [string, string] => entry[1] !== undefined));

export const runAttributes = (run: Pick<WatchedRun, 'repository' | 'runId' | 'pipeline' | 'url'>, event: PlatformEvent): Attributes => ({
  'cicd.pipeline.action.name': 'RUN',
  ...present({
    'cicd.pipeline.name': run.pipeline ?? event.pipeline ?? run.repository,
    'cicd.pipeline.run.id': run.runId,
    'cicd.pipeline.run.url.full': event.run?.url ?? run.url,
    'cicd.pipeline.result': event.outcome && RESULTS[event.outcome],
    'cicd.pipeline.run.state': 'finalizing',
    'vcs.provider.name': HOSTS_CODE.includes(event.platform) ? event.platform : undefined,
    'vcs.repository.name': HOSTS_CODE.includes(event.platform) ? run.repository : undefined,
    'vcs.ref.head.name': event.branch ?? event.tag,
    'vcs.ref.head.type': event.branch ? 'branch' : event.tag && 'tag',
    'vcs.ref.head.revision': event.sha,
  }),
});

/** The platform's run as a span of our trace, made from its start and end times once it has ended. */
export const recordRunSpan = (run: WatchedRun, event: PlatformEvent): void => {
  const end = new Date(event.finishedAt ?? event.occurredAt);
  const start = new Date(event.startedAt ?? run.createdAt);
  const attributes = runAttributes(run, event);
  recordSpan(`RUN ${attributes['cicd.pipeline.name']}`, {
    startTime: start < end ? start : end, endTime: end, kind: SpanKind.SERVER, attributes, parent: run.trace,
    failed: event.outcome !== undefined && FAILED.includes(event.outcome),
  });
};
