import { closed, flag, oneOrMore, said, text, timeLimit, whole } from './shapes.js';

export const approval = closed({
  by: oneOrMore(text('expected a person or team:<name>'), 'a person or team:<name>').meta(said('Who may decide', ['alice', 'team:release'])),
  count: whole(1, 100).default(1).meta(said('How many have to approve', 2)),
  'not-author': flag.default(false).meta(said('Who made the change does not count', true)),
  within: timeLimit.optional().meta(said('How long is waited for them', '8h')),
}, 'expected { by, count, not-author, within }').meta({ id: 'approval', description: 'People who have to agree' });
