import type { EventContext } from '@stellwerk/flows';

export interface UnsettledCommand {
  origin: string;
  repository: string | null;
  pipeline: string | null;
  /** Of a command that sets a run going again: its id, or '' for any. */
  repeatsRun: string | null;
  /** Milliseconds. */
  createdAt: number;
}

/** Clocks of platforms and ours differ. */
const SKEW_MS = 120_000;

const sameRepository = (event: EventContext, repository: string): boolean =>
  event.repository === undefined || event.repository === repository || event.repository.startsWith(`${repository}/`);

const samePipeline = (event: EventContext, pipeline: string): boolean =>
  event.pipelineFile === undefined || event.pipelineFile === pipeline || event.pipelineFile.endsWith(`/${pipeline}`) || event.pipeline === pipeline;

const startedLater = (event: EventContext, command: UnsettledCommand): boolean =>
  event.startedAt === undefined || Date.parse(event.startedAt) >= command.createdAt - SKEW_MS;

/** What is repeated may have started long before. */
const sameDoing = (event: EventContext, command: UnsettledCommand): boolean =>
  command.repeatsRun === null ? startedLater(event, command) : command.repeatsRun === '' || command.repeatsRun === event.run!.id;

/** True when the run the event speaks of may be the one that an unsettled command has started, or set going again. What is not known may be. */
export const mayBeOurs = (event: EventContext, origin: string, commands: readonly UnsettledCommand[]): boolean =>
  event.run !== undefined && commands.some((command) =>
    command.origin === origin
    && (command.repository === null || sameRepository(event, command.repository))
    && (command.pipeline === null || samePipeline(event, command.pipeline))
    && sameDoing(event, command));

/** `a/b/c` → itself, `a/b`, `a`: where a command works that may have started something there. */
export const placesAbove = (repository: string): string[] => {
  const parts = repository.split('/');
  return parts.map((_, at) => parts.slice(0, parts.length - at).join('/'));
};
