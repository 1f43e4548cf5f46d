import { createHash } from 'node:crypto';
import type { NewHook } from '../kit/hooks.js';
import type { Build } from './build.js';
import { jobPath } from './job.js';
import { buildUrl } from './views.js';

/** What the notification plugin posts: QUEUED and STARTED together when a build starts, COMPLETED and FINALIZED at its end. */
export const notifications = (root: string, build: Build): NewHook[] =>
  (build.building ? ['QUEUED', 'STARTED'] : ['COMPLETED', 'FINALIZED']).map((phase) => ({
    event: phase,
    about: `${build.job}#${build.number} ${phase}`,
    delivery: deliveryOf(buildUrl(root, build), phase),
    headers: { 'content-type': 'application/json;charset=UTF-8', 'user-agent': 'Java/21.0.5' },
    body: bodyOf(root, build, phase),
  }));

/** As in the documented `post {}` snippet: hashed, because Standard Webhooks forbids dots in ids. */
const deliveryOf = (url: string, phase: string): string => createHash('sha256').update(`${url}|${phase}`).digest('hex').slice(0, 32);

const bodyOf = (root: string, build: Build, phase: string): Record<string, unknown> => {
  const name = build.job.split('/').at(-1)!;
  return {
    name,
    display_name: name,
    url: `${jobPath(build.job)}/`,
    build: {
      full_url: buildUrl(root, build),
      number: build.number,
      queue_id: build.queueId,
      timestamp: Date.parse(build.startedAt),
      duration: build.duration,
      phase,
      ...(build.result === null ? {} : { status: build.result }),
      url: `${jobPath(build.job)}/${build.number}/`,
      ...(Object.keys(build.parameters).length > 0 ? { parameters: build.parameters } : {}),
      scm:
        build.sha === undefined
          ? { changes: [], culprits: [] }
          : { url: 'https://github.com/acme/shop.git', branch: `origin/${build.branch ?? 'main'}`, commit: build.sha, changes: [], culprits: [] },
      log: '',
      notes: '',
      artifacts: {},
    },
  };
};
