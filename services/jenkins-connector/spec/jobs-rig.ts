import { shortType, type CloudEvent } from '@stellwerk/contracts';
import { startRig, type Rig, type Subject } from '@stellwerk/connector-kit/conformance';
import { startJenkinsSimulator } from '@stellwerk/simulators';
import { waitFor } from '@stellwerk/testing';

type Simulator = Awaited<ReturnType<typeof startJenkinsSimulator>>;
type Catalog = Parameters<typeof startJenkinsSimulator>[0]['jobs'];
type Told = CloudEvent<Record<string, unknown>>;

export interface JobsRig {
  rig: Rig;
  jenkins: Simulator;
  /** What Jenkins has; jobs and branches may be put in while it runs. */
  catalog: Catalog;
  /** `<number> <predicate>` of every message told of a job, in the order in which they came. */
  told(job: string): string[];
  eventsOf(job: string): Told[];
  /** A build that nobody of ours started; it ends after so long, or never. */
  build(job: string, milliseconds?: number | 'never'): Promise<number>;
  /** Resolves when the build has ended at Jenkins. */
  ended(job: string, number: number): Promise<void>;
  /** Resolves when a look that began after the call is over, told by calls that only a look makes. */
  looked(job: string): Promise<void>;
  /** Reads of a job's list so far, with the time of each. */
  looks(job: string): Promise<number[]>;
  notesOf(connection: string): string[];
  /** A POST as an administrator would make it. */
  order(path: string): Promise<void>;
  close(): Promise<void>;
}

interface Shown {
  number: number;
  url: string;
  building: boolean;
}

const urlPath = (job: string): string => job.split('/').map((item) => `/job/${encodeURIComponent(item)}`).join('');
const LIST = /\/api\/json\?tree=nextBuildNumber/;

/** A connector as a process on a real broker and database, before a simulated Jenkins. */
export const startJobsRig = async (catalog: Catalog): Promise<JobsRig> => {
  let jenkins: Simulator | undefined;
  let token = '';
  const subject: Subject = {
    service: 'jenkins-connector', platform: 'jenkins', action: 'start-build', works: { job: 'none' }, worksWithoutCarrier: { job: 'none' },
    refused: { with: { job: 'none' }, words: /none/ }, missing: { job: 'none' }, outcomeKey: 'none', triggerPath: '/job/*/build*', repository: 'none',
    auth: (secret) => ({ user: 'robot', token: secret }),
    urlOf: (run) => (run as Shown).url,
    start: async (options) => {
      token = options.token;
      // Nobody listens there: these hooks are lost, but what they said is kept.
      jenkins = await startJenkinsSimulator({ ...options, user: 'robot', jobs: catalog, hookUrl: 'http://127.0.0.1:9/hooks/jenkins' });
      return jenkins;
    },
  };
  const rig = await startRig(subject);
  const shown = (job: string): Shown[] => (jenkins!.runs() as Shown[]).filter(({ url }) => url.replace(/\d+\/$/, '') === `${jenkins!.url}${urlPath(job)}/`);
  const looks = async (job: string): Promise<number[]> =>
    (await jenkins!.journal()).filter(({ kind, path }) => kind === 'request' && path.startsWith(`${urlPath(job)}/api`) && LIST.test(path)).map(({ at }) => Date.parse(at));
  const eventsOf = (job: string): Told[] => rig.events.filter(({ data, type }) => data.repository === job && shortType(type).startsWith('pipelinerun.'));
  let next = 0;

  return {
    rig, jenkins: jenkins!, catalog, eventsOf, looks,
    told: (job) => eventsOf(job).map(({ subject: number, type }) => `${number} ${shortType(type).split('.')[1]}`),
    async build(job, milliseconds = 50) {
      const known = new Set(shown(job).map(({ number }) => number));
      const lasts = milliseconds === 'never' ? { result: 'never', milliseconds: 50 } : { milliseconds };
      jenkins!.push({ job, parameters: { N: String(next += 1) }, ...lasts });
      return (await waitFor(() => shown(job).find(({ number }) => !known.has(number)), { what: `a build of ${job}` })).number;
    },
    ended: async (job, number) => void (await waitFor(() => shown(job).some((build) => build.number === number && !build.building), { what: `the end of ${job} ${number}` })),
    async looked(job) {
      const before = (await looks(job)).length;
      // The second one began after the first was over: a job is looked at by one visit at a time.
      await waitFor(async () => (await looks(job)).length >= before + 2, { what: `two looks at ${job}`, timeoutMs: 40_000 });
    },
    notesOf: (connection) => (rig.events.filter(({ type, data }) => shortType(type) === 'connection.health' && data.connection === connection).at(-1)?.data.notes ?? []) as string[],
    async order(path) {
      const response = await fetch(`${jenkins!.url}${path}`, { method: 'POST', redirect: 'manual', headers: { authorization: `Basic ${Buffer.from(`robot:${token}`).toString('base64')}` } });
      if (response.status !== 302) throw new Error(`${path}: ${response.status}`);
    },
    close: () => rig.close(),
  };
};
