import type { PipelinePlace } from '@stellwerk/contracts';
import { exactNames } from '../matching/filters.js';
import type { EventContext, Join } from '../model.js';

/** A part that came, or that did not, as far as both tell where they belong. */
interface KnownPart {
  repository?: string;
  branch?: string;
  tag?: string;
}

/** What a filter says surely. */
const sole = (patterns: string[] | undefined): string | undefined => {
  const [name, ...others] = exactNames(patterns) ?? [];
  return others.length === 0 ? name : undefined;
};

const knownParts = ({ parts }: Join, events: Readonly<Record<string, EventContext>>): KnownPart[] =>
  parts.map(({ name, filters: { repository, branches } }) =>
    (Object.hasOwn(events, name) ? events[name]! : { repository: sole(repository), branch: sole(branches) }));

/**
 * Where the runs of a join belong, so that those of one line of development are one pipeline, whichever part came last: the repository of
 * the first part in the flow's order that tells one, the branch (or tag) of the first that tells one. A part that is missing tells what its
 * filters name exactly. Pure.
 */
export const joinPipeline = (join: Join, events: Readonly<Record<string, EventContext>>): PipelinePlace => {
  const parts = knownParts(join, events);
  const { branch, tag } = parts.find((part) => part.branch !== undefined || part.tag !== undefined) ?? {};
  return { repository: parts.find(({ repository }) => repository !== undefined)?.repository, branch, tag };
};
