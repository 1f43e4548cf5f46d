import { epochMilliseconds } from '../shared/instants.js';
import { flag, identifier, integer, link, list, shape, text, textUpTo, type ReadBy } from '../shared/read.js';

/** Of a hook's parameters only our own correlation id is read; the others go no further. */
const parameters = shape({ STELLWERK_ID: text });

/** The notification plugin's JSON; Jenkinsfiles that sign send the same. */
export const jenkinsNotification = shape({
  name: text, url: textUpTo(2_048),
  build: shape({
    full_url: link, url: textUpTo(2_048), number: integer, phase: text, status: text, timestamp: epochMilliseconds, duration: integer,
    parameters, scm: shape({ branch: text, commit: text, changes: list(textUpTo(1_024), 3_000) }),
  }),
});

const action = shape({
  parameters: list(shape({ name: text, value: text }), 500),
  causes: list(shape({ _class: text, shortDescription: text, userId: identifier }), 50),
  lastBuiltRevision: shape({ SHA1: text, branch: list(shape({ name: text, SHA1: text }), 20) }),
});

/** A build as `<build>/api/json` shows it. */
export const jenkinsBuild = shape({
  number: integer, url: link, building: flag, result: text, timestamp: epochMilliseconds, duration: integer, actions: list(action, 200),
});

export type JenkinsNotification = ReadBy<typeof jenkinsNotification>;
export type JenkinsBuild = ReadBy<typeof jenkinsBuild>;
