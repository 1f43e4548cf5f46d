import { jsonBody } from '../kit/exchange.js';
import { SmallRuns } from '../kit/small-runs.js';
import { standardWebhookHeaders, verifyStandardWebhook } from '../kit/signatures.js';
import { runSimulator, type PlatformBehaviour, type Workshop } from '../kit/simulator.js';
import type { Answer, Exchange, RunningSimulator, SimulatorOptions } from '../kit/types.js';

export interface WebhookSimulatorOptions extends SimulatorOptions {
  /** Verifies what comes in and signs what it calls back. */
  secret: string;
}

/** Paths with a will of their own; all below `/hooks/` are taken. */
const ANSWERS: Record<string, Answer> = {
  '/gone': { status: 410, body: { message: 'this receiver has moved away' } },
  '/moved': { status: 302, headers: { location: '/hooks/moved' } },
  '/strict': { status: 400, body: { message: 'data.version is missing' } },
};

/** The answer to work that was taken: its id; from one that repeats what it was sent, that too; and from one that is talkative, too much. */
const takenBy = (path: string, id: string, exchange: Exchange): Record<string, unknown> => ({
  work: id, ...(path === '/hooks/echo' && { headers: exchange.headers, body: jsonBody(exchange) }), ...(path === '/hooks/talkative' && { log: 'line '.repeat(5_000) }),
});

/** A receiver as Standard Webhooks wants it: takes what is signed, each id once, and calls back when the work that it began is done. */
export const startWebhookSimulator = (options: WebhookSimulatorOptions): Promise<RunningSimulator> =>
  runSimulator({
    name: 'webhook', options, hookUrl: options.hookUrl, build: (workshop) => behaviour(workshop, options),
    sign: (hook, now) => standardWebhookHeaders(options.secret, hook.delivery, hook.body, now),
  });

const behaviour = (workshop: Workshop, options: WebhookSimulatorOptions): PlatformBehaviour => {
  const works = new SmallRuns(workshop, (work) => {
    if (work.state === 'waiting') return;
    const type = work.state === 'ended' ? 'pipelinerun.finished' : 'pipelinerun.started';
    const data = { stellwerkId: work.details['stellwerkId'], outcome: work.result, url: `${workshop.url()}/works/${work.id}`, outputs: work.state === 'ended' ? { work: work.id } : undefined };
    workshop.hooks.send({ event: type, about: `${work.id} ${type}`, delivery: `${work.id}-${work.state}`, body: { type, timestamp: new Date().toISOString(), data } });
  });
  return {
    handle: (exchange) => receive(works, options, exchange),
    runs: () => works.list().map(({ id, key, details }) => ({ id, path: key, ...details, url: `${workshop.url()}/works/${id}` })),
    push: () => {
      throw new Error('a receiver has no runs of its own');
    },
    resume: () => works.resume(),
  };
};

const receive = (works: SmallRuns, { secret }: WebhookSimulatorOptions, exchange: Exchange): Answer => {
  const { method, path, headers, body } = exchange;
  if (method !== 'POST') return { status: 405, body: { message: 'only POST' } };
  if (!verifyStandardWebhook(secret, headers, body.toString('utf8'), new Date())) return { status: 401, body: { message: 'the signature does not fit' } };
  if (ANSWERS[path]) return ANSWERS[path];
  if (!path.startsWith('/hooks/')) return { status: 404, body: { message: `nothing listens at ${path}` } };
  const id = headers['webhook-id']!;
  const answer = takenBy(path, id, exchange);
  if (works.get(id)) return { status: 200, body: answer };
  works.start({ id, key: path, success: 'success', details: { stellwerkId: headers['stellwerk-id'], headers, body: jsonBody(exchange) } });
  return { status: 202, body: answer };
};
