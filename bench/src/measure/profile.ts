import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { ROOT } from '../../../scripts/bootstrap/root.mjs';
import type { Child } from '../stack/child.ts';

interface Profile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number }; children?: number[] }[];
  samples: number[];
  timeDeltas: number[];
}

/** Begins or ends the profile of a service that was started with `profile-on-signal.mjs`. */
export const toggleProfile = (child: Child): Promise<void> => new Promise((resolve) => {
  const hear = ({ event }: { event?: string }): void => {
    if (event !== 'profiling' && event !== 'profiled') return;
    child.process.off('message', hear);
    resolve();
  };
  child.process.on('message', hear);
  child.process.kill('SIGUSR2');
});

const placeOf = (url: string): string => (url.startsWith('file://') ? relative(ROOT, url.slice('file://'.length)) : url);

/** `node_modules/pg/lib/x.js` → `pg`; ours → `libs/messaging`; the rest by what V8 calls it. */
const groupOf = ({ functionName, url }: Profile['nodes'][number]['callFrame']): string => {
  const place = placeOf(url);
  const dependency = [...place.matchAll(/node_modules\/((?:@[^/]+\/)?[^/]+)/g)].at(-1)?.[1];
  if (dependency) return dependency;
  if (place.startsWith('node:')) return place;
  return place ? place.split('/').slice(0, 2).join('/') : functionName;
};

export interface ProfileLine {
  readonly name: string;
  readonly ms: number;
}

export interface ProfileSummary {
  readonly functions: readonly ProfileLine[];
  readonly groups: readonly ProfileLine[];
}

// Beside the idle: the profiler itself.
const IDLE = new Set(['(idle)', '(program)', '(root)']);

const ranked = (times: Map<string, number>, top: number): ProfileLine[] =>
  [...times].map(([name, ms]) => ({ name, ms })).sort((a, b) => b.ms - a.ms).slice(0, top);

/**
 * Own time by function and by package, idle left out, of the `cpuMs` that the process used: the profiler counts by the
 * clock on the wall, so that its own sums grow with everything else on the machine.
 */
export const summarise = (file: string, cpuMs: number, top: number): ProfileSummary => {
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(file, 'utf8')) as Profile;
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const functions = new Map<string, number>();
  const groups = new Map<string, number>();
  let busyMs = 0;
  samples.forEach((id, at) => {
    const frame = frames.get(id)!;
    if (IDLE.has(frame.functionName) || frame.url.startsWith('node:inspector')) return;
    const ms = timeDeltas[at]! / 1000;
    const name = `${frame.functionName || '(anonymous)'} ${placeOf(frame.url)}:${frame.lineNumber + 1}`;
    busyMs += ms;
    functions.set(name, (functions.get(name) ?? 0) + ms);
    groups.set(groupOf(frame), (groups.get(groupOf(frame)) ?? 0) + ms);
  });
  const ofCpu = ({ name, ms }: ProfileLine): ProfileLine => ({ name, ms: ms * cpuMs / busyMs });
  return { functions: ranked(functions, top).map(ofCpu), groups: ranked(groups, top).map(ofCpu) };
};
