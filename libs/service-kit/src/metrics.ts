import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/**
 * Prometheus metrics of this process, named `stellwerk_<service>_<thing>_<unit>`; ids are never labels.
 * Asking for the same name again gives the same metric.
 */
@Injectable()
export class Metrics {
  readonly registry = new Registry();

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  counter<L extends string>(name: string, help: string, labelNames: readonly L[] = []): Counter<L> {
    return this.#existing<Counter<L>>(name) ?? new Counter({ name, help, labelNames: [...labelNames], registers: [this.registry] });
  }

  gauge<L extends string>(name: string, help: string, labelNames: readonly L[] = []): Gauge<L> {
    return this.#existing<Gauge<L>>(name) ?? new Gauge({ name, help, labelNames: [...labelNames], registers: [this.registry] });
  }

  /** Buckets in the unit of the name; seconds by default. */
  histogram<L extends string>(name: string, help: string, labelNames: readonly L[] = [], buckets?: number[]): Histogram<L> {
    const options = { name, help, labelNames: [...labelNames], registers: [this.registry], ...(buckets ? { buckets } : {}) };
    return this.#existing<Histogram<L>>(name) ?? new Histogram(options);
  }

  #existing<M>(name: string): M | undefined {
    return this.registry.getSingleMetric(name) as M | undefined;
  }
}

/** `github-connector` → `stellwerk_github_connector`, the beginning of every metric of that service. */
export const metricPrefix = (service: string): string => `stellwerk_${service.replaceAll('-', '_')}`;
