import { LRUCache } from 'lru-cache';
import { asTexts, Fields, OutcomeUnknown, Refused, describe, type ActionCall, type ConnectorAction, type Looked, type Sent, type StartedRun, type Target } from '@stellwerk/connector-kit';
import type { Outputs } from '@stellwerk/contracts';
import type { HttpResponse } from '@stellwerk/http';
import { CORRELATION_NAME } from '@stellwerk/platforms';
import { PermanentError } from '@stellwerk/service-kit';
import { parameterOf, post, readBuilds, readItem, readQueue, readQueueItem, readUser, type BuildAnswer, type ItemAnswer, type QueueItem } from '../jenkins.client.js';
import { jobPathOf, jobUrlPath } from '../job-path.js';
import { startedBuild } from '../started-build.js';
import { findBuild, type Claims } from './find-build.js';

const ITEMS_KEPT_MS = 60_000;
const CLOCK_SKEW_MS = 15_000;
/** Of a hundred builds each: a look-up minutes after the call fills them only at a job with hundreds of builds a second. */
const MOST_PAGES = 1_000;
/** How long to wait when Jenkins merged our build into one that is still queued. */
const MERGED_RETRY_MS = 5_000;
/** Where builds show our id, it does not matter what others own. */
const NO_CLAIMS: Claims = { handles: new Set(), builds: new Set() };
const QUEUE_LOCATION = /\/queue\/item\/(\d+)\/?/;

const read = (values: Record<string, unknown>): { jobPath: string; parameters?: Record<string, unknown> } => {
  const fields = new Fields('start-build', values);
  return { jobPath: jobPathOf(fields.text('job'), fields.textOf('branch')), parameters: fields.mapOf('parameters') };
};

/** `jenkins/start-build`: a queue item first, whose build is then followed. */
export class StartBuildAction implements ConnectorAction {
  readonly name = 'start-build';
  readonly follows = true;
  readonly repeatable = false;
  readonly secretFields: readonly string[] = [];
  readonly #items = new LRUCache<string, ItemAnswer>({ max: 1_000, ttl: ITEMS_KEPT_MS });

  target(values: Record<string, unknown>): Target {
    const { jobPath } = read(values);
    return { repository: jobPath, pipeline: jobPath };
  }

  async exclusive(call: ActionCall): Promise<boolean> {
    return !(await this.#carries(call));
  }

  async send(call: ActionCall): Promise<Sent> {
    const { jobPath, parameters } = read(call.with);
    const { parameters: declared, holds } = await this.#item(call);
    // There `build` only looks for new branches or jobs, and Jenkins answers as if all were well. Whoever waits for no build may mean that.
    if (holds && call.command.await) throw new PermanentError(noJob(jobPath, holds));
    const plain = declared?.length === 0 || (declared === undefined && parameters === undefined);
    const root = jobUrlPath(jobPath);
    // Undeclared parameters are dropped by Jenkins, so ours is always sent along.
    const request = plain ? { path: `${root}/build` } : { path: `${root}/buildWithParameters`, form: { ...asTexts(parameters), [CORRELATION_NAME]: call.commandId } };
    return this.#judge(call, await post(call.calls, request, call));
  }

  /** Known when Jenkins has taken it out of the queue. */
  outputsOf({ id }: StartedRun): Outputs {
    return { number: Number(id) };
  }

  async resolve(call: ActionCall, handle: string): Promise<Looked> {
    const { jobPath } = read(call.with);
    const item = await readQueueItem(call.calls, handle);
    if (!item) return this.#leftQueue(call, handle);
    if (item.cancelled) return { kind: 'dropped', reason: 'cancelled in the queue of Jenkins' };
    if (!item.executable) return { kind: 'waiting', reason: item.why ?? undefined };
    return { kind: 'found', run: startedBuild(item.executable, jobPath) };
  }

  async lookUp(call: ActionCall): Promise<Looked> {
    const { jobPath } = read(call.with);
    const since = (call.sentAt ?? new Date()).getTime() - CLOCK_SKEW_MS;
    const isOlder = ({ timestamp }: BuildAnswer): boolean => timestamp !== undefined && timestamp < since;
    const items = await this.#queued(call, jobPath);
    const isOurs = (build: BuildAnswer): boolean => parameterOf(build, CORRELATION_NAME) === call.commandId;
    const { builds, whole } = await readBuilds(call.calls, jobPath, MOST_PAGES, (page) => page.some((build) => isOlder(build) || isOurs(build)));
    const recent = builds.filter((build) => !isOlder(build));
    const carrier = await this.#carries(call);
    const sought = { commandId: call.commandId, carrierName: CORRELATION_NAME, carrier, since, user: await readUser(call.calls) };
    const found = findBuild(items, recent, sought, carrier ? NO_CLAIMS : await this.#claims(call, items, recent));
    if (found.kind === 'build') return { kind: 'found', run: startedBuild(found.build, jobPath) };
    if (found.kind === 'item') return { kind: 'found', handle: String(found.item.id) };
    if (!whole && !builds.some(isOlder)) return { kind: 'cannot', reason: `${jobPath} has more builds of that time than can be looked through` };
    if (found.kind === 'absent') return found;
    return { kind: 'cannot', reason: `${found.count} builds could be this one; declare the parameter ${CORRELATION_NAME} in the job` };
  }

  async #judge(call: ActionCall, response: HttpResponse): Promise<Sent> {
    if (response.status >= 400) throw new Refused(response.status, `Jenkins refuses: ${describe(response)}`);
    const handle = QUEUE_LOCATION.exec(response.headers.location ?? '')?.[1];
    if (handle === undefined && response.status < 300) throw new OutcomeUnknown(`Jenkins answered ${response.status} without naming a queue item`);
    if (handle === undefined) throw new Refused(response.status, `Jenkins queued nothing (${describe(response)}); is the job disabled, or a multibranch job of which \`branch\` is missing?`);
    if (await call.isHandleTaken(handle, 'open')) {
      return { kind: 'not-started', reason: `Jenkins merged it into the queued item ${handle} of another command`, retryMs: MERGED_RETRY_MS };
    }
    return { kind: 'accepted', handle };
  }

  /** The item is forgotten five minutes after it left the queue: its build still names it. */
  async #leftQueue(call: ActionCall, handle: string): Promise<Looked> {
    const { jobPath } = read(call.with);
    const isIts = ({ queueId }: BuildAnswer): boolean => String(queueId) === handle;
    const build = (await readBuilds(call.calls, jobPath, MOST_PAGES, (page) => page.some(isIts))).builds.find(isIts);
    return build ? { kind: 'found', run: startedBuild(build, jobPath) } : this.lookUp(call);
  }

  async #queued(call: ActionCall, jobPath: string): Promise<QueueItem[]> {
    const root = `${jobUrlPath(jobPath)}/`;
    return (await readQueue(call.calls)).filter(({ task }) => task?.url?.endsWith(root) ?? false);
  }

  async #claims(call: ActionCall, items: readonly QueueItem[], builds: readonly BuildAnswer[]): Promise<Claims> {
    const { jobPath } = read(call.with);
    const handles = [...items.map(({ id }) => String(id)), ...builds.flatMap(({ queueId }) => (queueId === undefined ? [] : [String(queueId)]))];
    const taken = await Promise.all(handles.map(async (handle) => ((await call.isHandleTaken(handle, 'any')) ? [handle] : [])));
    const claimed = await Promise.all(builds.map(async ({ number }) => ((await call.isClaimed({ repository: jobPath, id: String(number) })) ? [number] : [])));
    return { handles: new Set(taken.flat()), builds: new Set(claimed.flat()) };
  }

  async #carries(call: ActionCall): Promise<boolean> {
    return (await this.#item(call)).parameters?.includes(CORRELATION_NAME) ?? false;
  }

  async #item(call: ActionCall): Promise<ItemAnswer> {
    const { jobPath } = read(call.with);
    const key = `${call.connection.name}|${jobPath}`;
    const known = this.#items.get(key);
    if (known) return known;
    const item = await readItem(call.calls, jobPath);
    // One that is no job yet may be made one.
    if (!item.holds) this.#items.set(key, item);
    return item;
  }
}

const noJob = (jobPath: string, holds: NonNullable<ItemAnswer['holds']>): string => (holds === 'branches'
  ? `start-build: ${jobPath} is a multibranch job and \`branch\` is missing: give the branch to build, as Git calls it`
  : `start-build: ${jobPath} is a folder: \`job\` has to name a job in it`);
