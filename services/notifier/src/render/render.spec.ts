import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyNotice, NOTICE, saying } from '../../test/notices.js';
import type { Notice } from '../plan/notice.js';
import { discordMessage } from './discord.render.js';
import { slackMessage } from './slack.render.js';
import { clip, durationText, linkable } from './text.js';
import { webhookMessage } from './webhook.render.js';

const notice: Notice = { ...NOTICE, title: undefined };
const evil = 'x<!channel> @everyone <@U1> *b* `c` [a](http://evil.example) & |';
const hostile = saying(evil);

const slackTexts = (message: { blocks: unknown[] }): string[] =>
  JSON.stringify(message.blocks) === '[]' ? [] : (message.blocks as { text?: { text: string }; elements?: { text: string }[] }[])
    .flatMap((block) => [block.text?.text, ...(block.elements ?? []).map((element) => element.text)]).filter((text) => text !== undefined);

describe('a Slack message', () => {
  it('says what happened to what, why, and links run and platform', () => {
    expect(slackTexts(slackMessage(notice))).toEqual([
      '❌ *<http://127.0.0.1:8081/runs/run-1|release>* failed\nacme/shop @ `main` `01234567`\nstep e2e failed\n'
      + '*<https://ci.example/job/7/|step e2e>* failed: 3 tests failed',
      'took 3 min 4 s · by alice',
    ]);
  });
  it('holds nothing from outside that Slack would act on', () => {
    const texts = slackTexts(slackMessage(hostile)).join('\n');
    const links = [...texts.matchAll(/<([^>]*)>/g)].map((match) => match[1]);
    expect(links).toEqual(['http://127.0.0.1:8081/runs/run-1|release']);
    expect(texts).toContain('&lt;!channel&gt;');
    expect(texts).not.toContain('javascript:');
  });
  it('stays within the limits whatever comes', () => {
    fc.assert(fc.property(anyNotice(), (any) => {
      const message = slackMessage(any);
      expect(message.blocks.length).toBeLessThanOrEqual(50);
      for (const text of slackTexts(message)) expect(text.length).toBeLessThanOrEqual(3_000);
      expect(JSON.stringify(message).length).toBeLessThan(13_000);
    }));
  });
});

describe('a Discord message', () => {
  it('mentions nobody and links only what may be linked', () => {
    const message = discordMessage(hostile);
    expect(message.allowed_mentions).toEqual({ parse: [] });
    const text = JSON.stringify(message);
    expect(text).not.toMatch(/@everyone|javascript:/);
    // A footer is plain text at Discord: nothing in it becomes a link.
    expect(JSON.stringify({ ...message.embeds[0], footer: undefined })).not.toMatch(/[^\\]\]\(http:\/\/evil/);
    expect(text).toContain('@\u200beveryone');
  });
  it('links the platform run of the step', () => {
    expect(discordMessage(notice).embeds[0]!.fields.find((field) => field.name === 'Step')?.value).toBe('[e2e](https://ci.example/job/7/) failed: 3 tests failed');
  });
  it('stays within the limits whatever comes', () => {
    fc.assert(fc.property(anyNotice(), (any) => {
      const [embed] = discordMessage(any).embeds;
      const sizes = embed!.fields.flatMap((field) => [field.name.length, field.value.length]);
      expect(embed!.title.length).toBeLessThanOrEqual(256);
      expect(embed!.description?.length ?? 0).toBeLessThanOrEqual(4_096);
      expect(Math.max(...embed!.fields.map((field) => field.value.length))).toBeLessThanOrEqual(1_024);
      for (const field of embed!.fields) expect(field.value).not.toBe('');
      expect(embed!.title.length + (embed!.description?.length ?? 0) + (embed!.footer?.text.length ?? 0) + sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(6_000);
    }));
  });
});

it('a digest at Discord stays within the limits, and says how many it does not name', () => {
  fc.assert(fc.property(fc.array(anyNotice(), { minLength: 2, maxLength: 60 }), (gathered) => {
    const [embed] = discordMessage({ ...gathered[0]!, word: 'digest', gathered, url: notice.url, more: 8_000 }).embeds;
    const lines = embed!.description!.split('\n');
    const more = Number(/^\[and (\d+) more\]\(http:\/\/127.0.0.1:8081\/runs\/run-1\)$/.exec(lines.at(-1)!)?.[1] ?? 0);
    expect(lines.length - 1 + more).toBe(gathered.length + 8_000);
    expect(embed!.description!.length).toBeLessThanOrEqual(4_096);
    expect(embed!.description).not.toMatch(/@everyone/);
  }), { numRuns: 60 });
});

it('a webhook says type, time and data', () => {
  const message = webhookMessage(notice);
  expect(message).toMatchObject({ type: 'run.failed', timestamp: notice.at, data: { run: 'run-1', flow: 'release', step: { name: 'e2e' } } });
  expect(message.data).not.toHaveProperty('word');
});

describe('texts', () => {
  it('are cut between characters, on one line', () => {
    expect(clip('a\nb\u2028c\u0000d', 99)).toBe('a b c d');
    expect(clip('aa😀', 3)).toBe('aa…');
    expect(clip('a😀😀', 3)).toBe('a…');
    expect(clip('a\ud800b', 9)).toBe('a\ufffdb');
  });
  it('become links only as http(s) without credentials', () => {
    expect(linkable('https://x.example/a|b>(c)')).toBe('https://x.example/a%7Cb%3E%28c%29');
    expect([linkable('ftp://x'), linkable('https://user:pw@x.example/'), linkable('/x'), linkable(undefined)]).toEqual([undefined, undefined, undefined, undefined]);
  });
  it('tell durations', () => expect([12_000, 60_000, 184_000, 7_500_000].map(durationText)).toEqual(['12 s', '1 min', '3 min 4 s', '2 h 5 min']));
});
