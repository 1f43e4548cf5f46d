import { PLATFORMS, type Platform } from './platforms.js';
import { STREAMS } from './streams.js';

/** One durable pull consumer; its name is `<service>-<stream>`, and the pattern its one handler carries. */
export interface ConsumerSpec {
  readonly name: string;
  readonly service: ServiceName;
  readonly stream: string;
  readonly filterSubjects: readonly string[];
  /** Messages one replica handles at a time; never more are pulled than there are free slots. */
  readonly slots: number;
}

export const SERVICES = [
  'ingress', 'router', 'github-connector', 'gitlab-connector', 'jenkins-connector', 'webhook-connector', 'status', 'notifier',
] as const;

export type ServiceName = (typeof SERVICES)[number];

/** Who carries out the commands of which platforms; each platform has exactly one (ADR 16). */
const CONNECTORS: Readonly<Record<Platform, Extract<ServiceName, `${string}-connector`>>> = {
  github: 'github-connector',
  gitlab: 'gitlab-connector',
  jenkins: 'jenkins-connector',
  webhook: 'webhook-connector',
  prefect: 'webhook-connector',
  'argo-workflows': 'webhook-connector',
  'argo-cd': 'webhook-connector',
  n8n: 'webhook-connector',
};

/** The connector of a platform. */
export const connectorOf = (platform: Platform): ServiceName => CONNECTORS[platform];

/** The platforms of a connector; none for other services. */
export const platformsOf = (service: ServiceName): Platform[] => PLATFORMS.filter((platform) => CONNECTORS[platform] === service);

const connectorConsumers = (service: ServiceName): ConsumerSpec[] => [
  {
    name: `${service}-commands`, service, stream: STREAMS.commands.name,
    filterSubjects: platformsOf(service).map((platform) => `commands.${platform}.>`), slots: 128,
  },
  {
    name: `${service}-events`, service, stream: STREAMS.events.name,
    filterSubjects: platformsOf(service).map((platform) => `events.${platform}.pipelinerun.*`), slots: 128,
  },
];

/** Every consumer of the system; `declare` creates them, services only verify them. */
export const CONSUMERS: readonly ConsumerSpec[] = [
  { name: 'ingress-hooks', service: 'ingress', stream: STREAMS.hooks.name, filterSubjects: ['hooks.>'], slots: 32 },
  {
    name: 'router-events', service: 'router', stream: STREAMS.events.name,
    filterSubjects: [...PLATFORMS.map((platform) => `events.${platform}.>`), 'events.status.>'], slots: 64,
  },
  ...SERVICES.filter((service) => platformsOf(service).length > 0).flatMap(connectorConsumers),
  { name: 'status-events', service: 'status', stream: STREAMS.events.name, filterSubjects: ['events.>'], slots: 128 },
  { name: 'status-dead-letters', service: 'status', stream: STREAMS.deadLetters.name, filterSubjects: ['dead-letters.>'], slots: 4 },
  { name: 'notifier-status', service: 'notifier', stream: STREAMS.status.name, filterSubjects: ['status.run.>', 'status.approval.>', 'status.join.>'], slots: 32 },
];

/** Held messages are reported as in work at a third of it; what a killed process held comes back after it (ADR 6). */
export const ACK_WAIT_SECONDS = 20;

/** max_ack_pending = replicas × slots × 2; sized for four replicas. */
export const maxAckPending = (consumer: ConsumerSpec): number => 4 * consumer.slots * 2;

/** Deliveries after which a message is taken for poison and dead-lettered before it is parsed. */
export const MAX_DELIVERIES = 20;

/** The consumer through which a service takes a stream. Throws when it has none. */
export const consumerOf = (service: ServiceName, stream: string): ConsumerSpec => {
  const found = CONSUMERS.find((consumer) => consumer.service === service && consumer.stream === stream);
  if (!found) throw new Error(`${service} has no consumer of ${stream}`);
  return found;
};

export const consumersOf = (service: ServiceName): ConsumerSpec[] => CONSUMERS.filter((consumer) => consumer.service === service);
