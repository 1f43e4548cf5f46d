interface Embed {
  title?: string;
  description?: string;
  fields?: { name?: string; value?: string }[];
  footer?: { text?: string };
  author?: { name?: string };
}

const MAX_CONTENT = 2000;
const MAX_EMBEDS = 10;
const MAX_EMBEDS_TOTAL = 6000;
const LIMITS = { title: 256, description: 4096, fields: 25, name: 256, value: 1024, footer: 2048, author: 256 };

/** What of a message Discord refuses, by field; empty when it takes it. */
export const discordFaults = (message: Record<string, unknown>): string[] => {
  const content = (message['content'] ?? '') as string;
  const embeds = (message['embeds'] ?? []) as Embed[];
  const components = message['components'] !== undefined;
  const faults: string[] = [];
  if (content === '' && embeds.length === 0 && !components) faults.push('content: Cannot send an empty message');
  if (content.length > MAX_CONTENT) faults.push(`content: Must be ${MAX_CONTENT} or fewer in length.`);
  if (embeds.length > MAX_EMBEDS) faults.push(`embeds: Must be ${MAX_EMBEDS} or fewer in length.`);
  if (embeds.reduce((sum, embed) => sum + lengthOf(embed), 0) > MAX_EMBEDS_TOTAL)
    faults.push(`embeds: Embed size exceeds maximum size of ${MAX_EMBEDS_TOTAL}`);
  if (/clyde|discord/i.test(String(message['username'] ?? ''))) faults.push('username: Username cannot contain "discord"');
  return [...faults, ...embeds.flatMap(embedFaults)];
};

const embedFaults = (embed: Embed, index: number): string[] => {
  const sizes: [string, number, number][] = [
    ['title', embed.title?.length ?? 0, LIMITS.title],
    ['description', embed.description?.length ?? 0, LIMITS.description],
    ['fields', embed.fields?.length ?? 0, LIMITS.fields],
    ['footer.text', embed.footer?.text?.length ?? 0, LIMITS.footer],
    ['author.name', embed.author?.name?.length ?? 0, LIMITS.author],
    ...(embed.fields ?? []).flatMap((field, at): [string, number, number][] => [
      [`fields.${at}.name`, field.name?.length ?? 0, LIMITS.name],
      [`fields.${at}.value`, field.value?.length ?? 0, LIMITS.value],
    ]),
  ];
  const missing = (embed.fields ?? []).some((field) => !field.name || !field.value) ? [`embeds.${index}.fields: This field is required`] : [];
  return [
    ...sizes.filter(([, size, limit]) => size > limit).map(([name, , limit]) => `embeds.${index}.${name}: Must be ${limit} or fewer in length.`),
    ...missing,
  ];
};

const lengthOf = (embed: Embed): number =>
  [
    embed.title,
    embed.description,
    embed.footer?.text,
    embed.author?.name,
    ...(embed.fields ?? []).flatMap((field) => [field.name, field.value]),
  ].reduce((sum, text) => sum + (text?.length ?? 0), 0);
