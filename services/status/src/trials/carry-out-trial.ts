import { formatFault, type Fault } from '@stellwerk/flows';
import { Backtest, backtestReport, eventFrom, givenFiles, lintReport, runTests, testSummary, type GivenFiles } from '@stellwerk/trial';
import { ParameterError, ProblemError } from '../http/problem.js';
import { readBacktest, readFiles, type EventsAsked } from './given-body.js';
import type { EventsPage, InForce, TrialOrder } from './thread-messages.js';

/** Gives stored events, page by page. */
export type AskEvents = (asked: EventsAsked) => Promise<EventsPage>;

/** An answer that nobody reads to its end helps nobody. */
const MOST_CHANGES = 1_000;

/** The answer to a trial. @throws ProblemError for what was asked wrongly */
export const carryOutTrial = ({ kind, body, inForce }: TrialOrder, ask: AskEvents): Promise<object> => {
  if (kind === 'lint') return lint(body);
  return kind === 'test' ? test(body) : backtest(body, inForce!, ask);
};

const lint = async (body: string): Promise<object> => {
  const given = resourcesIn(givenFiles(readFiles(body)));
  const { faults, ...report } = lintReport(given, given.files);
  return { ...report, faults: faults.map(({ file, ...fault }) => ({ path: file, ...fault })) };
};

const resourcesIn = (given: GivenFiles): GivenFiles => {
  if (given.files.length === 0) throw new ParameterError('files', 'has no *.yaml or *.yml with resources in it');
  return given;
};

const test = async (body: string): Promise<object> => {
  const given = givenFiles(readFiles(body));
  if (given.testFiles.length === 0) throw new ParameterError('files', 'has no *.test.yaml in it');
  return testSummary(await runTests({ ...given, testFaults: [] }));
};

const backtest = async (body: string, inForce: InForce, ask: AskEvents): Promise<object> => {
  const { files, asked } = readBacktest(body, new Date());
  const { resources, faults } = resourcesIn(givenFiles(files));
  refuseFaults(faults);
  const platforms = Object.fromEntries(Object.values(resources.connections).map(({ name, platform }) => [name, platform]));
  const found = new Backtest(inForce.flows, Object.values(resources.flows), { connections: { ...inForce.connections, ...platforms }, environments: resources.environments });
  let end: EventsPage['end'];
  do {
    const page = await ask(asked);
    for (const item of page.items) {
      const event = eventFrom(item);
      if (event) found.add(event);
    }
    end = page.end;
  } while (end === undefined);
  const { changes, ...report } = backtestReport(found);
  return { ...report, changes: changes.slice(0, MOST_CHANGES), changesLeftOut: Math.max(0, changes.length - MOST_CHANGES), complete: end === 'all' };
};

const refuseFaults = (faults: readonly Fault[]): void => {
  const errors = faults.filter(({ severity }) => severity === 'error').map((fault) => ({ parameter: 'files', detail: formatFault(fault) }));
  if (errors.length > 0) throw new ProblemError(422, `The files are not valid: ${errors.length} ${errors.length === 1 ? 'fault' : 'faults'}.`, errors);
};
