import { Injectable } from '@nestjs/common';
import { Metrics } from '@stellwerk/service-kit';

/** What the router counts. */
@Injectable()
export class RouterMetrics {
  readonly routeSeconds;
  readonly runs;
  readonly commands;
  readonly held;
  readonly forbiddenMoves;
  readonly liveRuns;
  readonly unsettledCommands;
  readonly oldestCommand;

  constructor(metrics: Metrics) {
    this.routeSeconds = metrics.histogram('stellwerk_router_route_seconds', 'From taking an event to its commands being published', ['type'], [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]);
    this.runs = metrics.counter('stellwerk_router_runs_total', 'Runs that entered a state', ['state']);
    this.commands = metrics.counter('stellwerk_router_commands_total', 'Commands by purpose and what became of them', ['purpose', 'state']);
    this.held = metrics.counter('stellwerk_router_held_events_total', 'Events held because a command of ours may have caused them');
    this.forbiddenMoves = metrics.counter('stellwerk_router_forbidden_moves_total', 'Moves of runs, steps, rollbacks or attempts that were refused as no table has them: a fault of the router, to be looked at', ['machine']);
    this.liveRuns = metrics.gauge('stellwerk_router_live_runs', 'Runs that have not ended', ['state']);
    this.unsettledCommands = metrics.gauge('stellwerk_router_unsettled_commands', 'Commands without an answer (sent), or whose outcome nobody knows (unknown)', ['state']);
    this.oldestCommand = metrics.gauge('stellwerk_router_oldest_unsettled_command_seconds', 'Age of the oldest of them', ['state']);
  }
}
