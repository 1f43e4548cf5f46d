import { closed, flag, oneOrMore, text, timeLimit, whole } from './shapes.js';

export const approval = closed({
  by: oneOrMore(text('expected a person or team:<name>'), 'a person or team:<name>'),
  count: whole(1, 100).default(1),
  'not-author': flag.default(false),
  within: timeLimit.optional(),
}, 'expected { by, count, not-author, within }').meta({ id: 'approval' });
