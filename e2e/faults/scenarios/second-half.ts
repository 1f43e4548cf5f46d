import type { Scenario } from '../scenario.ts';
import { postgresRefuses } from './17-postgres-refuses.ts';
import { halfOpenNats } from './18-half-open-nats.ts';
import { lostAcks } from './19-lost-acks.ts';
import { hundredAtOnce } from './20-hundred-at-once.ts';
import { hooksShuffled } from './21-hooks-shuffled.ts';
import { poison } from './22-poison.ts';
import { slowHandler } from './23-slow-handler.ts';
import { consumerTampered } from './24-consumer-tampered.ts';
import { rollingRestart } from './25-rolling-restart.ts';
import { twoVersions } from './26-two-versions.ts';
import { deadLetters } from './27-dead-letters.ts';
import { streamFull } from './28-stream-full.ts';
import { wrongClocks } from './29-wrong-clocks.ts';
import { stalled } from './30-stalled.ts';
import { flowEdited } from './31-flow-edited.ts';
import { hostile } from './32-hostile.ts';
import { telemetryAway } from './33-telemetry-away.ts';
import { brokerMatrix } from './34-broker-matrix.ts';
import { seededSoak } from './35-soak.ts';

/** Scenarios 17–35. */
export const SECOND_HALF: readonly Scenario[] = [
  postgresRefuses, halfOpenNats, lostAcks, hundredAtOnce, hooksShuffled, poison, slowHandler, consumerTampered, rollingRestart,
  twoVersions, deadLetters, streamFull, wrongClocks, stalled, flowEdited, hostile, telemetryAway, brokerMatrix, seededSoak,
];
