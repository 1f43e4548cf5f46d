import type { Scenario } from '../scenario.ts';
import { ingressKilledAfterAck } from './01-ingress-killed-after-ack.ts';
import { ingressKilledBeforeAck } from './02-ingress-killed-before-ack.ts';
import { routerKilledAfterCommit } from './03-router-killed-after-commit.ts';
import { routerKilledBeforeCommit } from './04-router-killed-before-commit.ts';
import { connectorKilledBeforePost } from './05-connector-killed-before-post.ts';
import { connectorKilledAfterAccept } from './06-connector-killed-after-accept.ts';
import { connectorPaused } from './07-connector-paused.ts';
import { acceptsThenSilent } from './08-accepts-then-silent.ts';
import { stormOf500 } from './09-storm-of-500.ts';
import { toldToWait } from './10-told-to-wait.ts';
import { credentialsRefused } from './11-credentials-refused.ts';
import { natsLeaderKilled } from './12-nats-leader-killed.ts';
import { allNatsKilled } from './13-all-nats-killed.ts';
import { natsAway } from './14-nats-away.ts';
import { bothAway } from './15-both-away.ts';
import { postgresRestarted } from './16-postgres-restarted.ts';

/** Scenarios 1–16. */
export const FIRST_HALF: readonly Scenario[] = [
  ingressKilledAfterAck, ingressKilledBeforeAck, routerKilledAfterCommit, routerKilledBeforeCommit,
  connectorKilledBeforePost, connectorKilledAfterAccept, connectorPaused, acceptsThenSilent,
  stormOf500, toldToWait, credentialsRefused, natsLeaderKilled, allNatsKilled, natsAway, bothAway, postgresRestarted,
];
