import { Injectable } from '@nestjs/common';
import { Metrics } from '@stellwerk/service-kit';

/** What the router counts. */
@Injectable()
export class RouterMetrics {
  readonly routeSeconds;
  readonly runs;
  readonly commands;
  readonly held;

  constructor(metrics: Metrics) {
    this.routeSeconds = metrics.histogram('stellwerk_router_route_seconds', 'From taking an event to its commands being published', ['type'], [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]);
    this.runs = metrics.counter('stellwerk_router_runs_total', 'Runs that entered a state', ['state']);
    this.commands = metrics.counter('stellwerk_router_commands_total', 'Commands by purpose and what became of them', ['purpose', 'state']);
    this.held = metrics.counter('stellwerk_router_held_events_total', 'Events held because a command of ours may have caused them');
  }
}
