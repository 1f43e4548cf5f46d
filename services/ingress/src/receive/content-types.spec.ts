import { describe, expect, it } from 'vitest';
import { bodyForm } from './content-types.js';

describe('content types of hooks', () => {
  it.each([
    'application/json', 'application/json; charset=utf-8', 'application/json;charset=UTF-8', 'Application/JSON',
    'application/cloudevents+json', 'application/vnd.acme.v1+json',
  ])('%s is JSON on every platform', (type) => {
    expect(bodyForm(type, 'github')).toBe('json');
    expect(bodyForm(type, 'jenkins')).toBe('json');
  });

  it('forms come from GitHub alone', () => {
    expect(bodyForm('application/x-www-form-urlencoded', 'github')).toBe('form');
    expect(bodyForm('application/x-www-form-urlencoded', 'gitlab')).toBeUndefined();
  });

  it.each([undefined, '', 'text/plain', 'text/json', 'application/jsonx', 'application/xml', 'json', 'multipart/form-data; boundary=json', 'application/+json'])(
    '%s is refused', (type) => {
      expect(bodyForm(type, 'github')).toBeUndefined();
    });
});
