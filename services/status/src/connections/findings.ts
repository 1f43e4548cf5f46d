import type { Finding } from '@stellwerk/contracts';
import type { ConnectionHealthView } from './connection.response.js';

const WORST: readonly Finding['level'][] = ['fault', 'warning', 'unknown', 'ok'];

/** The worst of all. */
export const stateOf = (findings: readonly Finding[]): Finding['level'] => WORST.find((level) => findings.some((one) => one.level === level)) ?? 'unknown';

/** What is known of a connection without asking its platform. */
export const ownFindings = (takesHooks: boolean, health: ConnectionHealthView): Finding[] => [
  ...(takesHooks ? [lastHook(health)] : []),
  ...callFindings(health),
  ...health.notes.map((text): Finding => ({ about: 'note', level: 'warning', text })),
];

const lastHook = ({ lastHookAt }: ConnectionHealthView): Finding =>
  lastHookAt === null
    ? { about: 'last webhook', level: 'warning', text: 'none has told anything yet', remedy: 'see whether the platform sends webhooks to us' }
    : { about: 'last webhook', level: 'ok', text: `told something at ${lastHookAt}` };

const callFindings = ({ state, reason, paused, notBefore, breaker }: ConnectionHealthView): Finding[] => {
  if (state === null) return [{ about: 'calls', level: 'unknown', text: 'its connector has said nothing yet', remedy: 'see whether the connector runs' }];
  const found: Finding[] = [];
  if (paused) found.push({ about: 'calls', level: 'fault', text: `paused: ${reason ?? 'the platform does not take the credentials'}`, remedy: 'give it credentials that work; it goes on by itself' });
  if (notBefore !== null) found.push({ about: 'calls', level: 'warning', text: `the platform asked for no calls before ${notBefore}` });
  if (breaker === 'open' || breaker === 'half-open') found.push({ about: 'calls', level: 'warning', text: `the circuit breaker is ${breaker}: the platform fails, or does not answer` });
  return found.length > 0 ? found : [{ about: 'calls', level: 'ok', text: 'are made' }];
};
