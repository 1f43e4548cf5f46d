import { checkAbsent } from './check-absent.js';
import { checkChannel } from './check-channel.js';
import { checkConnection } from './check-connection.js';
import { checkEnvironment } from './check-environment.js';
import { checkExpressions } from './check-expressions.js';
import { checkFilters } from './check-filters.js';
import { checkGraph } from './check-graph.js';
import { checkIdle, checkLabels } from './check-idle.js';
import { checkIncidents } from './check-incidents.js';
import { checkInputs } from './check-inputs.js';
import { checkLastGood } from './check-last-good.js';
import { checkOtherTriggers } from './check-other-triggers.js';
import { checkPeople } from './check-people.js';
import { checkSteps, type Catalog } from './check-steps.js';
import { checkTimes } from './check-times.js';
import { checkTriggers } from './check-triggers.js';
import type { ResourceSource } from './resource-source.js';

/** Checks over what was written, not over what the schema made of it: a schema fault hides none of theirs. */
export const checkMeaning = (source: ResourceSource, catalog: Catalog): void => {
  checkLabels(source);
  if (source.kind === 'Connection') checkConnection(source, catalog.actions);
  if (source.kind === 'Channel') checkChannel(source);
  if (source.kind === 'Environment') checkEnvironment(source);
  if (source.kind !== 'Flow') return;
  checkTriggers(source, catalog.names);
  checkOtherTriggers(source);
  checkFilters(source, catalog.names);
  checkInputs(source);
  checkSteps(source, catalog);
  checkGraph(source);
  checkTimes(source);
  checkIdle(source);
  checkPeople(source, catalog);
  checkIncidents(source, catalog.names);
  checkExpressions(source, catalog);
  checkLastGood(source);
  checkAbsent(source);
};
