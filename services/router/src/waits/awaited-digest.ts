import { createHash } from 'node:crypto';
import { keyOrNone, type AwaitedEvent, type EventContext } from '@stellwerk/flows';

/** How keys of events of one type are made; '' where a step takes whatever fits its filters. */
export type KeyTemplate = Pick<AwaitedEvent, 'type' | 'template'>;

/** The one name of what is awaited: the type of the event, what the key is made by, and the key. */
export const digestOf = ({ type, template, key }: Omit<AwaitedEvent, 'step'>): string => hash([type, template, key]);

export const digestOfTemplate = ({ type, template }: KeyTemplate): string => hash([type, template]);

const hash = (parts: readonly string[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 40);

/** All names under which the event may be awaited, by what is known of keys. */
export const digestsOf = (event: EventContext, templates: readonly KeyTemplate[]): string[] =>
  templates.filter(({ type }) => type === event.type).flatMap(({ type, template }) => {
    const key = keyOrNone(template === '' ? undefined : template, event);
    return key === undefined ? [] : [digestOf({ type, template, key })];
  });
