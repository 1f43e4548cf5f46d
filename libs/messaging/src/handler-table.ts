import { consumersOf, type ConsumerSpec, type ServiceName } from '@stellwerk/contracts';

/** What is wrong between the consumers of a service and the handlers it has; empty when each has exactly one. */
export function handlerFaults(service: ServiceName, patterns: readonly string[]): string[] {
  const consumers = consumersOf(service).map(({ name }) => name);
  const twice = patterns.filter((pattern, index) => patterns.indexOf(pattern) !== index);
  return [
    ...[...new Set(twice)].map((pattern) => `${pattern} has more than one handler`),
    ...consumers.filter((name) => !patterns.includes(name)).map((name) => `consumer ${name} has no handler`),
    ...patterns.filter((pattern) => !consumers.includes(pattern)).map((pattern) => `handler "${pattern}" belongs to no consumer of ${service}`),
  ];
}

/** The consumer of that name. */
export const consumerNamed = (service: ServiceName, name: string): ConsumerSpec =>
  consumersOf(service).find((consumer) => consumer.name === name)!;
