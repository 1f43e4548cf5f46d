import { finding, shownAddress } from '@stellwerk/connector-kit';
import type { Finding } from '@stellwerk/contracts';
import type { HookAnswer, HookWish } from './hooks.client.js';

/** What a webhook should be. */
export interface WantedHook {
  /** Our address for it. */
  address: string;
  /** Switches that have to be on. */
  switches: readonly string[];
  /** Which proofs the connection takes. */
  signed: boolean;
  tokens: boolean;
  isOurs(hook: HookAnswer): boolean;
  wasOurs(hook: HookAnswer): boolean;
}

const offSwitches = (hook: HookAnswer, switches: readonly string[]): string[] => switches.filter((name) => hook[name] !== true);

/** Whether it can prove itself to us; undefined: an old server does not say. */
const isProven = (hook: HookAnswer, { signed, tokens }: Pick<WantedHook, 'signed' | 'tokens'>): boolean | undefined => {
  if (signed && hook.signing_token_present === true) return true;
  if (!tokens) return false;
  return hook.token_present;
};

/** What there is to say of the webhooks of one place. `mend`: what sets it right. */
export const judgeHooks = (place: string, hooks: readonly HookAnswer[], wanted: WantedHook, mend: string): Finding[] => {
  const ours = hooks.filter((hook) => wanted.isOurs(hook));
  const [hook] = ours;
  if (!hook) {
    const old = hooks.find((one) => wanted.wasOurs(one));
    return [finding(place, 'fault', `no webhook leads to ${wanted.address}${old ? `; one leads to ${shownAddress(old.url)}` : ''}`, mend)];
  }
  const faults = [...proofOf(place, hook, wanted, mend), ...switchesOf(place, hook, wanted, mend)];
  const twice = ours.length > 1 ? [finding(place, 'warning', `${ours.length} webhooks lead to us: each event comes as often`, 'delete all but one')] : [];
  return [...(faults.length > 0 ? faults : [finding(place, 'ok', 'its webhook leads to us and sends what flows wait for')]), ...twice, ...alertOf(place, hook)];
};

const proofOf = (place: string, hook: HookAnswer, wanted: WantedHook, mend: string): Finding[] => {
  const proven = isProven(hook, wanted);
  if (proven === undefined) return [finding(place, 'unknown', 'this GitLab does not tell whether its webhook has a secret token')];
  return proven ? [] : [finding(place, 'fault', `its webhook has no ${wanted.signed ? 'signing' : 'secret'} token, so that nothing of it is taken`, mend)];
};

const switchesOf = (place: string, hook: HookAnswer, { switches }: WantedHook, mend: string): Finding[] => {
  const off = offSwitches(hook, switches);
  return [
    ...(off.length > 0 ? [finding(place, 'fault', `its webhook does not send ${off.join(', ')}, which flows wait for`, mend)] : []),
    ...(hook.enable_ssl_verification === false ? [finding(place, 'warning', 'GitLab does not check our certificate', 'switch SSL verification on in the webhook')] : []),
  ];
};

/** GitLab switches a webhook off for a time after four failures in a row, for good after forty. */
const alertOf = (place: string, { alert_status: status, disabled_until: until }: HookAnswer): Finding[] => {
  if (status === 'disabled') return [finding(place, 'fault', 'GitLab has switched its webhook off for good, as it failed forty times', 'mend what fails, then send a test event from its page')];
  if (status === 'temporarily_disabled') {
    return [finding(place, 'fault', `GitLab has switched its webhook off until ${until ?? 'later'}, as it failed again and again; after forty failures for good`, 'see whether ingress can be reached at that address')];
  }
  return status === undefined ? [] : [finding(place, 'ok', 'GitLab has not switched it off')];
};

export interface HookPlan {
  /** In words; empty: there is nothing to do. */
  lines: string[];
  wish: HookWish;
}

/** How a place gets the webhook it should have. What else it sends stays. */
export const planHook = (hook: HookAnswer | undefined, wanted: WantedHook, secrets: { signingToken?: string; token?: string }): HookPlan => {
  const proof = { ...(secrets.signingToken !== undefined && { signing_token: secrets.signingToken }), ...(secrets.token !== undefined && { token: secrets.token }) };
  const on = Object.fromEntries(wanted.switches.map((name) => [name, true]));
  if (!hook) {
    const names = wanted.switches.join(', ');
    // What is not said of a new one is that it tells of pushes.
    const wish = { url: wanted.address, enable_ssl_verification: true, push_events: false, ...on, ...proof };
    return { wish, lines: [`create a webhook to ${wanted.address} with the connection's ${wanted.signed ? 'signing' : 'secret'} token, which sends ${names}`] };
  }
  const off = offSwitches(hook, wanted.switches);
  const proven = isProven(hook, wanted) !== false;
  return {
    wish: { url: wanted.address, ...on, ...(proven ? {} : proof) },
    lines: [
      ...(off.length > 0 ? [`let it also send ${off.join(', ')}`] : []),
      ...(proven ? [] : [`give it the connection's ${wanted.signed ? 'signing' : 'secret'} token: it has none`]),
    ],
  };
};
