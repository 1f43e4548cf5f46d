import type { Catalog } from './check-steps.js';
import { itemsAt, mapOf, textsAt, type ResourceSource } from './resource-source.js';
import { suggestion } from './suggest.js';

const REPORT_ACTION = 'set-status';

/** Channels of `notify`, connections of `report`. */
export const checkPeople = (source: ResourceSource, { names, actions }: Catalog): void => {
  for (const { item, path } of itemsAt(source.spec.notify, ['spec', 'notify'])) {
    const { channel } = mapOf(item);
    if (typeof channel !== 'string' || names.has('Channel', channel)) continue;
    source.report([...path, 'channel'], `unknown channel "${channel}"${suggestion(channel, names.all('Channel'))}`);
  }
  for (const { text, path } of textsAt(source.spec.report, ['spec', 'report'])) {
    const platform = names.platformOf(text);
    if (!names.has('Connection', text)) source.report(path, `unknown connection "${text}"${suggestion(text, names.all('Connection'))}`);
    else if (platform && !actions(platform).some(({ name }) => name === REPORT_ACTION)) {
      source.report(path, `connection "${text}" (${platform}) takes no commit status in this version`);
    }
  }
};
