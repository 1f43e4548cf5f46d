import { controlOf } from './control.js';
import { FaultSwitch } from './faults.js';
import { HookSender, type HookRecord } from './hooks.js';
import { Journal } from './journal.js';
import { OutcomeBook } from './outcomes.js';
import type { Route } from './routes.js';
import { listen } from './server.js';
import { Store } from './store.js';
import { Timers } from './timers.js';
import type { Answer, Exchange, RunningSimulator, SimulatorOptions } from './types.js';

/** What a platform's own code gets to work with. */
export interface Workshop {
  store: Store;
  timers: Timers;
  journal: Journal;
  outcomes: OutcomeBook;
  hooks: HookSender;
  /** Own URL; known once it listens. */
  url: () => string;
  runMilliseconds: number;
}

/** A platform: answers requests and lets runs go by. */
export interface PlatformBehaviour {
  handle: (exchange: Exchange) => Answer | Promise<Answer>;
  runs: () => unknown[];
  push: (request: Record<string, unknown>) => unknown;
  /** Takes up the runs that were on when the process died. */
  resume: () => void;
  control?: Route[];
}

export interface PlatformSpec {
  name: string;
  options: SimulatorOptions;
  sign: (hook: HookRecord, now: Date) => Record<string, string>;
  hookUrl?: string;
  /** Instead of `hookUrl`, where webhooks are the platform's own objects. */
  urlOf?: (hook: Pick<HookRecord, 'headers'>) => string | undefined;
  hookRetries?: number;
  build: (workshop: Workshop) => PlatformBehaviour;
}

/** Puts a platform's behaviour on a port, with journal, memory, faults and control routes. */
export const runSimulator = async (spec: PlatformSpec): Promise<RunningSimulator> => {
  const { options, name } = spec;
  const journal = new Journal(options.journalFile, options.journalHookBodies);
  const store = new Store(`${options.journalFile}.state`);
  const timers = new Timers();
  const faults = new FaultSwitch();
  const outcomes = new OutcomeBook(store);
  const hooks = new HookSender({ simulator: name, url: spec.hookUrl, urlOf: spec.urlOf, journal, store, timers, sign: spec.sign, retries: spec.hookRetries });
  let url = '';
  const platform = spec.build({ store, timers, journal, outcomes, hooks, url: () => url, runMilliseconds: options.runMilliseconds ?? 300 });
  const control = controlOf(() => running, platform.control);
  const server = await listen({ name, journal, store, faults, timers, control, handle: platform.handle }, portsToTry(store, options.port));
  url = server.url;
  store.table<number>('server').put('port', server.port);
  const running: RunningSimulator = {
    name,
    url,
    faults,
    outcomes,
    hooks: hooks.switch,
    runs: platform.runs,
    push: platform.push,
    journal: async () => journal.read(),
    sentHooks: () => hooks.list(),
    redeliver: (id) => hooks.redeliver(id) !== undefined,
    close: async () => {
      timers.close();
      await server.close();
      hooks.close();
      store.close();
      journal.close();
    },
  };
  platform.resume();
  hooks.resume();
  return running;
};

/** Links to runs hold the port: a restarted simulator wants the one it had. */
const portsToTry = (store: Store, port: number | undefined): number[] => {
  const before = store.table<number>('server').get('port');
  if (port) return [port];
  return before === undefined ? [0] : [before, 0];
};
