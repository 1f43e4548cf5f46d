import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerOrders } from '../load/answer-orders.ts';
import { now } from '../load/clock.ts';
import { FlowTally } from './flow-tally.ts';
import { Neighbour } from './neighbour.ts';
import { RunHooks, type HookTarget } from './run-hooks.ts';
import { Runs } from './runs.ts';

// What GitHub answers to the calls of a flow and no more: the simulators of libs/simulators keep a journal on disk, which
// would be measured too. The floor calls this very server.
const runs = new Runs();
const tally = new FlowTally();
const neighbour = new Neighbour();
let hooks: RunHooks | undefined;

const dispatch = (body: { inputs?: Record<string, string> }, arrivedAt: number): object => {
  const { origin = '0', STELLWERK_ID: correlation = '' } = body.inputs ?? {};
  tally.started(Number(origin), arrivedAt);
  const run = runs.create(`Deploy ${origin} ${correlation}`);
  if (hooks) hooks.follow(run, () => tally.ended(Number(origin)));
  else tally.ended(Number(origin));
  const path = `/repos/acme/shop/actions/runs/${run.id}`;
  return { workflow_run_id: run.id, run_url: `https://api.github.test${path}`, html_url: `https://github.test/acme/shop/actions/runs/${run.id}` };
};

const answer = (method: string, path: string, body: string, arrivedAt: number): [number, object] => {
  if (method === 'POST' && path.endsWith('/dispatches')) return [200, dispatch(JSON.parse(body) as object, arrivedAt)];
  if (method === 'POST' && path.includes('/statuses/')) return [201, { id: 1, state: 'success' }];
  if (path === '/_bench/done') return [200, { done: tally.done }];
  if (path === '/user') return [200, { login: 'bench' }];
  if (path === '/rate_limit') return [200, { rate: { limit: 5_000, remaining: 5_000, reset: 0 } }];
  const run = /\/actions\/runs\/(\d+)$/.exec(path)?.[1];
  if (run) {
    const view = runs.view(Number(run));
    return view ? [200, view] : [404, { message: 'Not Found' }];
  }
  return path.endsWith('/actions/runs') ? [200, runs.page()] : [404, { message: 'Not Found' }];
};

const serve = (request: IncomingMessage, response: ServerResponse): void => {
  const arrivedAt = now();
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => void chunks.push(chunk));
  request.on('end', () => {
    if (neighbour.takes(request.url!)) return neighbour.serve(response);
    const [status, body] = answer(request.method!, request.url!.split('?', 1)[0]!, Buffer.concat(chunks).toString(), arrivedAt);
    const text = Buffer.from(JSON.stringify(body));
    response.writeHead(status, { 'content-type': 'application/json', 'content-length': text.length }).end(text);
  });
};

const server = createServer({ keepAliveTimeout: 120_000 }, serve);
server.listen(0, '127.0.0.1', () => process.send?.({ event: 'listening', port: (server.address() as AddressInfo).port }));

answerOrders({
  /** With a target, runs take time and send their webhooks there; without one, a dispatch is all there is. */
  hooks: ({ target, runMs, stepsPerFlow = 1 }: { target?: HookTarget; runMs: number; stepsPerFlow?: number }) => {
    hooks = target && new RunHooks(target, runMs);
    tally.stepsPerFlow = stepsPerFlow;
  },
  neighbour: ({ hangs }: { hangs: boolean }) => neighbour.hang(hangs),
  done: () => tally.done,
  /** [webhook, when its first call arrived, how many calls it led to], since the last time it was asked. */
  flows: () => tally.take(),
  hookAnswers: () => hooks?.statuses ?? {},
});
