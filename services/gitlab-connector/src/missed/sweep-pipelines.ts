import { Injectable, Logger } from '@nestjs/common';
import { Resources } from '@stellwerk/config';
import { Refused, SweepTaken, TellMissed, type Connection, type PlatformSweep, type PolledEvent, type SweepEnd, type SweepTurn } from '@stellwerk/connector-kit';
import { instanceOrigin, platformRunKey } from '@stellwerk/contracts';
import { namedRepositories } from '@stellwerk/flows';
import { gitlabPipelineEvents } from '@stellwerk/platforms';
import { pipelinePages, projectIn, readPipeline, type PipelineAnswer } from '../gitlab.client.js';
import { HeardRepository, type Heard } from './heard.repository.js';
import { isToldEnd, LONGEST_MS, mayBeMissed, nextReading, type PipelineCursor } from './pipeline-cursor.js';

const EVERY_MS = 5 * 60_000;
const ABSENT_MS = 3_600_000;
/** Of a hundred pipelines each. */
const MOST_PAGES = 1_000;
/** What is older than the longest gap is not asked for any more. */
const KEPT_DAYS = 2;

type Turn = SweepTurn<PipelineCursor>;
type End = SweepEnd<PipelineCursor>;

/** GitLab gives a webhook up after a few tries: starts and ends of pipelines that nobody told are found in the lists of the projects that flows name. */
@Injectable()
export class SweepPipelines implements PlatformSweep<PipelineCursor> {
  readonly #log = new Logger('pipelines');

  constructor(
    private readonly resources: Resources,
    private readonly heard: HeardRepository,
    private readonly teller: TellMissed,
  ) {}

  sources({ name }: Connection): readonly string[] {
    return namedRepositories(this.resources.current(), name);
  }

  async turn(turn: Turn): Promise<End> {
    const { cursor: { readTo } } = turn;
    // Whatever was before the first look belongs to nobody.
    if (readTo === undefined) return { cursor: { readTo: new Date().toISOString() }, nextMs: EVERY_MS };
    try {
      return await this.#read(turn, readTo);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      // A flow that names no connection may mean the project of another one.
      return { cursor: turn.cursor, nextMs: ABSENT_MS, note: error.status === 404 ? undefined : `${turn.source}: its pipelines cannot be read (${error.message})` };
    }
  }

  async #read(turn: Turn, readTo: string): Promise<End> {
    const { cut, ...next } = nextReading(readTo, new Date());
    const { from, to, page: first } = turn.cursor.reading ?? { ...next, page: 1 };
    const read = pipelinePages(turn.calls, turn.source, { updatedAfter: new Date(from), sort: 'asc' });
    let told = 0;
    for (let page = first; page <= MOST_PAGES; page += 1) {
      const reading = { from, to, page };
      if (!(await turn.keep({ readTo, reading }))) throw new SweepTaken();
      if (!(await turn.pace.wait(turn))) return { cursor: { readTo, reading }, nextMs: Math.max(0, turn.pace.next - Date.now()), note: noteOf(turn, told, cut) };
      const { pipelines, more } = await read(page);
      const seen = await this.#look(turn, pipelines.filter(({ updated_at: at }) => !(Date.parse(at ?? '') > Date.parse(to))));
      told += seen.told;
      if (!seen.whole) return { cursor: { readTo, reading }, nextMs: Math.max(0, turn.pace.next - Date.now()), note: noteOf(turn, told, cut) };
      if (!more) break;
    }
    await this.heard.forget(KEPT_DAYS);
    if (told > 0) this.#log.warn({ connection: turn.connection.name, project: turn.source, told, since: from }, 'pipelines.told-late');
    return { cursor: { readTo: to }, nextMs: EVERY_MS, note: noteOf(turn, told, cut) };
  }

  /** @returns how many were told; not whole when the turn was over before its end: the page is looked at once more */
  async #look(turn: Turn, pipelines: readonly PipelineAnswer[]): Promise<{ told: number; whole: boolean }> {
    const keyed = pipelines.map((pipeline) => ({ pipeline, ...keyOf(turn.connection, turn.source, pipeline) }));
    const keys = keyed.map(({ key }) => key);
    const [heard, followed] = await Promise.all([this.heard.of(keys), this.heard.followed(keys)]);
    let told = 0;
    for (const { pipeline, key, project } of keyed) {
      if (followed.has(key) || !mayBeMissed(pipeline, heard.get(key))) continue;
      if (!(await turn.pace.wait(turn))) return { told, whole: false };
      if (await this.#tell(turn, { id: String(pipeline.id), key, project, heard: heard.get(key) })) told += 1;
    }
    return { told, whole: true };
  }

  async #tell({ connection, calls, source }: Turn, { id, key, project, heard }: { id: string; key: string; project: string; heard: Heard | undefined }): Promise<boolean> {
    const answer = await readPipeline(calls, source, id);
    const context = { connection: connection.name, platform: 'gitlab', origin: instanceOrigin('gitlab', connection.url), receivedAt: new Date() } as const;
    const events: PolledEvent[] = gitlabPipelineEvents(answer, project, context)
      .filter(({ type, data }) => type === 'pipelinerun.started' || (type === 'pipelinerun.finished' && !isToldEnd(data.finishedAt, heard)));
    if (events.length === 0) return false;
    await this.teller.run(events, (tx) => this.heard.note(events.map(({ type, data }) => ({ runKey: key, finished: type === 'pipelinerun.finished', event: data })), tx));
    return true;
  }
}

/** The project as hooks spell it, which its pipelines' addresses tell. */
const keyOf = (connection: Connection, source: string, { id, web_url: url }: PipelineAnswer): { key: string; project: string } => {
  const project = projectIn(url, connection) ?? source;
  return { project, key: platformRunKey(instanceOrigin('gitlab', connection.url), project, String(id)) };
};

const noteOf = ({ source }: Turn, told: number, cut: boolean): string | undefined => {
  const said = [
    ...(told > 0 ? [`${told} starts or ends of pipelines were told late, as no webhook had told them`] : []),
    ...(cut ? [`what was missed more than ${LONGEST_MS / 3_600_000} h ago is not looked for`] : []),
  ];
  return said.length > 0 ? `${source}: ${said.join('; ')}` : undefined;
};
