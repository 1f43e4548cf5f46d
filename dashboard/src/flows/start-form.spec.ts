import { describe, expect, it } from 'vitest';
import type { FlowInput } from '../api/flows.client.js';
import { valueOf } from './start-form.js';

const input = (type: FlowInput['type']): FlowInput => ({ name: 'x', type, required: false, default: null, description: null });

describe('what a field of the start form gives', () => {
  it.each([
    ['string', '1.0', '1.0'], ['string', '', undefined], ['number', '7', 7], ['number', '-0.5', -0.5], ['number', '', undefined],
    ['number', 'many', 'many'], ['boolean', 'on', true], ['boolean', null, false],
  ] as const)('%s %j is %j', (type, entry, value) => {
    expect(valueOf(input(type), entry)).toBe(value);
  });
});
