import { sortFaults, type Fault } from '../fault.js';
import type { ActionLookup, ResourceSet } from '../model.js';
import { fitted } from '../parse/check-schema.js';
import type { ResourceFile } from '../parse/read-file.js';
import { itemsAt, mapOf } from '../parse/resource-source.js';
import { Source } from '../parse/source.js';
import { readYaml, type Path } from '../parse/yaml-source.js';
import { checkTest } from './check-test.js';
import { testFile, type ParsedTest } from './schema.js';

/** One test, and where it stands: `report` takes paths that begin within it. */
export interface FlowTest {
  file: string;
  spec: ParsedTest;
  /** At the value of `path`; when it is not there, the nearest one around it. */
  report(path: Path, message: string): void;
  /** At the key that ends `path`. */
  reportKey(path: Path, message: string): void;
  /** What was reported so far. */
  faults: readonly Fault[];
}

export interface ReadTests {
  /** Those that can be run: without a fault of their own. */
  tests: FlowTest[];
  faults: Fault[];
}

/** Reads test files and checks every name in them against the resources. Never throws: whatever is wrong is a fault. */
export const readTests = (files: readonly ResourceFile[], resources: ResourceSet, actions: ActionLookup): ReadTests => {
  const result: ReadTests = { tests: [], faults: [] };
  for (const { path, text } of files) {
    const { sources, faults } = readYaml(path, text);
    result.faults.push(...faults);
    if (sources.length === 0 && faults.length === 0) result.faults.push({ file: path, line: 1, column: 1, message: 'there is no test in it: expected { tests: […] }', severity: 'error' });
    for (const yaml of sources) readDocument(new Source(yaml), { resources, actions }, result);
  }
  return { tests: result.tests, faults: sortFaults(result.faults) };
};

const readDocument = (source: Source, { resources, actions }: { resources: ResourceSet; actions: ActionLookup }, result: ReadTests): void => {
  const parsed = fitted(source, testFile);
  result.faults.push(...source.faults);
  itemsAt(mapOf(source.yaml.value).tests, ['tests']).forEach(({ item, path }, index) => {
    const place = placeOf(source, path);
    checkTest(place, item, { resources, actions });
    const spec = parsed?.tests[index];
    if (spec && place.faults.length === 0) result.tests.push({ ...place, spec });
    else result.faults.push(...place.faults.filter((fault) => !source.faults.some(({ line, column }) => fault.line === line && fault.column === column)));
  });
};

/** Each test has faults of its own: one that is wrong must not silence the others. */
const placeOf = ({ yaml }: Source, at: Path): Omit<FlowTest, 'spec'> => {
  const own = new Source(yaml);
  return {
    file: yaml.file, faults: own.faults,
    report: (path, message) => own.report([...at, ...path], message), reportKey: (path, message) => own.reportKey([...at, ...path], message),
  };
};
