/** CloudEvents 1.0, structured JSON, with our extensions. */
export interface CloudEvent<T = unknown> {
  specversion: '1.0';
  id: string;
  /** `/connections/<name>` or `/services/<name>`. */
  source: string;
  /** `dev.stellwerk.<subject>.<predicate>.v1`. */
  type: string;
  /** Id of the object spoken of. */
  subject: string;
  /** RFC 3339. */
  time: string;
  datacontenttype: 'application/json';
  /** The run or, before one, the hook. */
  correlationid: string;
  /** The message before. */
  causationid: string;
  /** The thing that happened, whoever told us; the event id where it is not about a platform's object. */
  fact: string;
  data: T;
}

const TYPE = /^dev\.stellwerk\.(.+)\.v\d+$/;

/** `pipelinerun.finished` → `dev.stellwerk.pipelinerun.finished.v1`. */
export const fullType = (short: string): string => `dev.stellwerk.${short}.v1`;

/** `dev.stellwerk.pipelinerun.finished.v1` → `pipelinerun.finished`; the text itself when it is no type of ours. */
export const shortType = (type: string): string => TYPE.exec(type)?.[1] ?? type;

export interface NewCloudEvent<T> {
  id: string;
  source: string;
  /** Short form, e.g. `run.started`. */
  type: string;
  subject: string;
  time: Date;
  correlationId: string;
  causationId: string;
  /** The id unless the event is about a platform's object. */
  fact?: string;
  data: T;
}

export const cloudEvent = <T>(event: NewCloudEvent<T>): CloudEvent<T> => ({
  specversion: '1.0',
  id: event.id,
  source: event.source,
  type: fullType(event.type),
  subject: event.subject,
  time: event.time.toISOString(),
  datacontenttype: 'application/json',
  correlationid: event.correlationId,
  causationid: event.causationId,
  fact: event.fact ?? event.id,
  data: event.data,
});
