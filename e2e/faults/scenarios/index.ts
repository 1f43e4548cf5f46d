import type { Scenario } from '../scenario.ts';
import { FIRST_HALF } from './first-half.ts';
import { SECOND_HALF } from './second-half.ts';

/** All of them, by number. */
export const SCENARIOS: readonly Scenario[] = [...FIRST_HALF, ...SECOND_HALF];
