import type { JoinMissing } from '@stellwerk/contracts';
import { joinPipeline, partsOf, type Join, type JoinRecord } from '@stellwerk/flows';

/** What a round of which parts are missing tells people. Something of it has come. */
export const missingData = (record: JoinRecord, join: Join, missing: readonly string[]): JoinMissing => {
  const parts = partsOf(record, join);
  const came = parts.map(({ name, event }) => ({ name, event: event.id, url: event.url ?? event.run?.url }));
  const { connection, repository, branch, sha, tag } = parts.at(-1)!.event;
  return {
    join: record.id, flow: record.flow, key: record.key, missing: [...missing], came, openedAt: record.openedAt, endedAt: record.endsAt, withinSeconds: join.withinMs / 1000,
    connection, repository, branch, sha, tag, pipeline: joinPipeline(join, Object.fromEntries(parts.map(({ name, event }) => [name, event]))),
  };
};
