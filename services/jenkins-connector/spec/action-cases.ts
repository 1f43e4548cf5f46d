import { TOKEN, type ActionCase, type Platform } from '@stellwerk/connector-kit/conformance';
import { waitFor } from '@stellwerk/testing';

const JOB = 'shop/e2e';

interface Build {
  number: number;
  building: boolean;
  result: string | null;
}

/** What Jenkins itself shows of a build. */
const show = async ({ url }: Platform, number: number): Promise<Build | undefined> => {
  const response = await fetch(`${url}/job/shop/job/e2e/${number}/api/json`, { headers: { authorization: `Basic ${btoa(`robot:${TOKEN}`)}` } });
  return response.status === 200 ? ((await response.json()) as Build) : undefined;
};

let builds = 0;

/** A build that goes on until it is stopped. Numbers are given in order, and nothing else starts builds of this job. */
const running = async (platform: Platform): Promise<number> => {
  const number = (builds += 1);
  const order = { job: JOB, result: 'never', milliseconds: 1, parameters: { SHA: String(number) } };
  await fetch(`${platform.url}/_simulator/push`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(order) });
  await waitFor(async () => (await show(platform, number))?.building, { what: `build ${number}` });
  return number;
};

const stopBuild: ActionCase = {
  action: 'stop-build',
  method: 'POST',
  path: '*/stop',
  async prepare(platform) {
    const number = await running(platform);
    return { with: { job: JOB, number }, effects: async () => Number((await show(platform, number))?.result === 'ABORTED') };
  },
  refused: { with: { job: JOB, number: 4_711 }, words: /has no build 4711/ },
  missing: { job: 'shop/nothing', number: 1 },
};

/** Actions of Jenkins that start no run. */
export const actionCases: readonly ActionCase[] = [stopBuild];
