import { finding, shownAddress } from '@stellwerk/connector-kit';
import type { Finding } from '@stellwerk/contracts';
import type { HookAnswer, HookWish } from './hooks.client.js';

/** What a webhook should be. */
export interface WantedHook {
  /** Our address for it. */
  address: string;
  /** Events that it has to send. */
  events: readonly string[];
  /** Whose URL leads to us. */
  isOurs(hook: HookAnswer): boolean;
  /** Whose URL led to us once, as it seems. */
  wasOurs(hook: HookAnswer): boolean;
}

const missingEvents = ({ events = [] }: HookAnswer, wanted: readonly string[]): string[] =>
  events.includes('*') ? [] : wanted.filter((event) => !events.includes(event));

/** GitHub shows a secret as stars, and leaves it out where there is none. */
const hasSecret = ({ config }: HookAnswer): boolean => (config?.secret ?? '') !== '';

const isLax = ({ config }: HookAnswer): boolean => String(config?.insecure_ssl ?? '0') === '1';

/** Its last delivery, in words; undefined before the first one. */
const lastAnswer = ({ last_response: last }: HookAnswer): { code: number; text: string } | undefined => {
  if (last?.code === null || last?.code === undefined) return undefined;
  return { code: last.code, text: `its last delivery was answered with ${last.code}${last.message && last.message !== 'OK' ? ` (${last.message})` : ''}` };
};

/** What there is to say of the webhooks of one place. `mend`: what sets it right. */
export const judgeHooks = (place: string, hooks: readonly HookAnswer[], wanted: WantedHook, mend: string): Finding[] => {
  const ours = hooks.filter((hook) => wanted.isOurs(hook));
  const [hook] = ours;
  if (!hook) {
    const old = hooks.find((one) => wanted.wasOurs(one));
    const instead = old ? `; one leads to ${shownAddress(old.config?.url)}` : '';
    return [finding(place, 'fault', `no webhook leads to ${wanted.address}${instead}`, mend)];
  }
  const faults = faultsOf(place, hook, wanted, mend);
  const twice = ours.length > 1 ? [finding(place, 'warning', `${ours.length} webhooks lead to us: each event comes as often`, 'delete all but one')] : [];
  return [...(faults.length > 0 ? faults : [finding(place, 'ok', `its webhook leads to us and sends ${shownEvents(hook)}`)]), ...twice, ...lastOf(place, hook, mend)];
};

const shownEvents = ({ events = [] }: HookAnswer): string => (events.includes('*') ? 'everything' : events.join(', '));

const faultsOf = (place: string, hook: HookAnswer, wanted: WantedHook, mend: string): Finding[] => {
  const missing = missingEvents(hook, wanted.events);
  return [
    ...(hook.active === false ? [finding(place, 'fault', 'its webhook is switched off', mend)] : []),
    ...(hasSecret(hook) ? [] : [finding(place, 'fault', 'its webhook has no secret, so that nothing of it is taken', mend)]),
    ...(missing.length > 0 ? [finding(place, 'fault', `its webhook does not send ${missing.join(', ')}, which flows wait for`, mend)] : []),
    ...(isLax(hook) ? [finding(place, 'warning', 'GitHub does not check our certificate (insecure_ssl)', 'switch SSL verification on in the webhook')] : []),
  ];
};

const lastOf = (place: string, hook: HookAnswer, mend: string): Finding[] => {
  const last = lastAnswer(hook);
  if (!last) return [finding(place, 'unknown', 'nothing was delivered by it yet')];
  if (last.code >= 200 && last.code <= 299) return [finding(place, 'ok', last.text)];
  if (last.code === 401) return [finding(place, 'fault', `${last.text}: its secret seems not to be ours`, mend)];
  return [finding(place, 'fault', last.text, 'see whether ingress can be reached at that address')];
};

export interface HookPlan {
  /** In words; empty: there is nothing to do. */
  lines: string[];
  wish: HookWish;
}

/** How a place gets the webhook it should have. Events that somebody else asked for stay. */
export const planHook = (hook: HookAnswer | undefined, { address, events }: Pick<WantedHook, 'address' | 'events'>, secret: string): HookPlan => {
  const known = hook?.events ?? [];
  const wish: HookWish = {
    active: true, events: known.includes('*') ? ['*'] : [...new Set([...known, ...events])],
    // A form is taken as well as JSON; whether certificates are checked is for whoever set it.
    config: { url: address, content_type: hook?.config?.content_type ?? 'json', insecure_ssl: String(hook?.config?.insecure_ssl ?? '0'), secret },
  };
  if (!hook) return { wish, lines: [`create a webhook to ${address} with the connection's secret, which sends ${wish.events.join(', ')}`] };
  const missing = missingEvents(hook, events);
  return {
    wish,
    lines: [
      ...(hook.active === false ? ['switch it on'] : []),
      ...(missing.length > 0 ? [`let it also send ${missing.join(', ')}`] : []),
      ...(hasSecret(hook) ? [] : ["give it the connection's secret: it has none"]),
      ...(hasSecret(hook) && lastAnswer(hook)?.code === 401 ? ["give it the connection's secret: ours did not fit its last delivery"] : []),
    ],
  };
};
