import { parseResources } from '@stellwerk/flows';
import { actionCatalog } from '@stellwerk/platforms';
import { stringify } from 'yaml';

const NOT_YET = /not supported yet|not in force/;

/** Where a key of a section stands in a document that has nothing else. */
const documentWith = (section: string, key: string): object => {
  if (section === 'trigger') return { kind: 'Flow', spec: { on: { [key]: {} } } };
  if (section === 'step') return { kind: 'Flow', spec: { steps: { it: { [key]: {} } } } };
  return { kind: section, spec: { [key]: {} } };
};

/** Whether lint refuses the key, or leaves it aside, as nothing of this version carries it out. What stands below one is read as it is. */
export const notYet = (section: string, key: string): boolean => {
  const [top] = key.split(/[.[]/);
  if (!['trigger', 'step', 'Flow', 'Channel', 'Connection', 'Environment'].includes(section)) return false;
  return faultsOf(documentWith(section, top!)).some((message) => NOT_YET.test(message) && message.startsWith(`"${top}"`));
};

/** Whether lint refuses a value that the schema lists. */
export const notYetValue = (kind: string, key: string, value: string): boolean =>
  faultsOf({ kind, spec: { [key]: value } }).some((message) => NOT_YET.test(message) && message.includes(`"${value}"`));

const faultsOf = (document: object): string[] =>
  parseResources([{ path: 'probe.yaml', text: stringify({ metadata: { name: 'probe' }, ...document }) }], (platform) => actionCatalog[platform]).faults.map(({ message }) => message);
