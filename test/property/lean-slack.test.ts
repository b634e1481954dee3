/**
 * What is read in the lean form is what is read in full: contents, findings, places, sweep tags and what the receipt
 * counts, in the same order.
 */
import { expect, test } from 'vitest';
import { cachedCore } from '../../scripts/build-core.mjs';
import { loadCoreModule } from '../../src/prefilter/core-module.js';
import { drawer } from '../support/draw.js';
import { fakeSecret } from '../support/fake-secret.js';
import { exportScanner } from '../support/scan-export.js';

const module = loadCoreModule(await cachedCore());
if (module === undefined) throw new Error('the core was not built');
const scan = exportScanner(module);

const people = ['U0AAAAAA1', 'U0AAAAAA2', 'W0AAAAAA3'];

type Json = Record<string, unknown>;

function exportOf(seed: number): Record<string, string> {
  const { below, pick, chance } = drawer(seed);
  const words =
    'deploy gateway failed again risk-free link older digit url the password is token key it’s naïve ok'.split(
      ' ',
    );
  const secrets = [
    fakeSecret('github-pat-classic', `lean${seed}`),
    fakeSecret('generic-password-code', `lean${seed}`),
    fakeSecret('slack-bot-token', `lean${seed}`),
    fakeSecret('private-key', `lean${seed}`),
  ];
  const prose = (most: number): string =>
    Array.from({ length: 1 + below(most) }, () => pick(words)).join(' ');
  const piece = (): string => {
    const secret = pick(secrets);
    const half = 1 + below(secret.length - 1);
    return pick([
      () => prose(12),
      () => prose(12),
      () => secret,
      () => `password: ${pick(secrets)}`,
      () => `<https://x.example/${below(99)}|${secret}> &amp; more`,
      () => `<@${pick(people)}> see <#C0AAAAAA1|deploys> a &lt; b`,
      () => `${secret.slice(0, half)}\u200b${secret.slice(half)}`,
      () => `${secret.slice(0, half)}<b>${secret.slice(half)}`,
      () => `${secret.slice(0, half)}\n${secret.slice(half)}`,
      () => `tab\there "quoted" back\\slash / ${'\u0007'} \u2028 \ud83d\ude00 \ud800 end\u007f`,
      () => '-----BEGIN PRIVATE KEY-----',
      () => 'https://eu.safelinks.protection.example.com/?url=https%3A%2F%2Fx.example%2F',
      () => `\`\`\`\nAPI_KEY=${secret}\n\`\`\``,
      () => prose(chance(5) ? 2000 : 20),
      () => '',
    ])();
  };
  const text = (): string => Array.from({ length: 1 + below(3) }, piece).join(pick([' ', '\n', '']));
  const leaf = (): unknown =>
    pick<() => unknown>([
      () => ({ type: 'text', text: text() }),
      () => ({ type: 'text', text: text(), style: { bold: true } }),
      () => ({ type: 'link', url: `https://x.example/?q=${below(9)}`, text: pick(['', prose(3)]) }),
      () => ({ type: 'link', url: `https://files.slack.example/x?t=xoxe-${below(9)}-abc`, text: 'file' }),
      () => ({ type: 'emoji', name: 'tada', unicode: '1f389' }),
      () => ({ type: 'user', user_id: pick(people) }),
      () => ({ type: 'channel', channel_id: 'C0AAAAAA1' }),
      () => ({ type: 'broadcast', range: 'here' }),
      () => ({ type: 'color', value: '#fff000' }),
      () => ({ type: 'text', text: text(), payload: text() }),
      () => ({ text: text() }),
      () => text(),
    ])();
  const section = (): unknown => ({
    type: pick(['rich_text_section', 'rich_text_quote', 'rich_text_preformatted']),
    elements: Array.from({ length: pick([1, 1, 1, 2, 3, 0]) }, leaf),
    ...(chance(10) && { border: 1, note: text() }),
  });
  const list = (): unknown => ({ type: 'rich_text_list', indent: 1, elements: [section(), section()] });
  const block = (own: string): unknown =>
    pick<() => unknown>([
      () => ({
        type: 'rich_text',
        block_id: pick(['b1', 'b/Xy', text()]),
        elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: own }] }],
      }),
      () => ({
        type: 'rich_text',
        elements: Array.from({ length: below(4) }, () => pick([section, list])()),
      }),
      () => ({ type: 'section', text: { type: 'mrkdwn', text: text() } }),
      () => ({ type: 'rich_text', elements: [section()], extra: pick([null, 1, text()]) }),
      () => ({ elements: [section()], type: 'rich_text' }),
      () => ({ type: 'divider' }),
    ])();
  const profile = (user: string): Json => ({
    avatar_hash: `g${below(3)}`,
    real_name: `Name ${user}`,
    ...(chance(10) && { title: text() }),
  });
  const extras: readonly (() => Json)[] = [
    () => ({
      thread_ts: '1600000000.000100',
      reply_count: 2,
      reply_users: people,
      replies: [{ user: people[0], ts: '1600000000.000200' }],
    }),
    () => ({ replies: [{ user: people[0], ts: '1600000000.000200', text: text() }] }),
    () => ({ reactions: [{ name: pick(['tada', text()]), users: people, count: 3 }] }),
    () => ({ edited: { user: people[0], ts: '1600000001.000000' } }),
    () => ({
      client_msg_id: pick(['0c5f8bd0-1f4e-4c5a-9a2b-0123456789ab', 'not-quite-a-uuid-at-all-0123', text()]),
    }),
    () => ({ attachments: [{ text: text(), fallback: text(), from_url: 'https://x.example', ts: 5 }] }),
    () => ({ files: [{ id: 'F1', title: text(), url_private: 'https://files.slack.com/x?t=xoxe-1' }] }),
    () => ({
      subtype: 'bot_message',
      bot_id: 'B0AAAAAA1',
      username: text(),
      icons: { emoji: ':x:', note: text() },
    }),
    () => ({
      subtype: 'message_changed',
      message: { type: 'message', ts: '1600000000.000100', user: people[0], text: text() },
    }),
    () => ({
      previous_message: { type: 'message', ts: '1600000000.000100', text: text() },
      deleted_ts: '1600000000.000100',
    }),
    () => ({ newfield: text(), other: { deep: [text(), 1, null] } }),
    () => ({ 7: text(), subscribed: true, last_read: null, unknown: null }),
    () => ({ channel: 'C0OTHER01' }),
    () => ({ channel: 'D0DIRECT1' }),
    () => ({ team: text(), source_team: 'T1', pinned_to: ['C1', text()] }),
    () => ({ text: null }),
    () => ({ ts: pick(['000000000.000000', '160000000.123456', '1600000000.12345', 1600000000.5]) }),
    () => ({ user: pick(['', null, 5, text()]) }),
    () => ({ type: pick(['event', null]) }),
    () => ({ bot_profile: { id: 'B0AAAAAA1', name: text() } }),
    () => ({}),
  ];
  let seconds = 1_600_000_000;
  const message = (): Json => {
    const user = pick(people);
    const own = text();
    seconds += below(3) - (chance(20) ? 500 : 0);
    return {
      ...(chance(3) && { client_msg_id: '0c5f8bd0-1f4e-4c5a-9a2b-0123456789ab' }),
      type: 'message',
      text: own,
      user,
      ts: `${seconds}.${String(below(999_999)).padStart(6, '0')}`,
      ...(chance(2) && { blocks: Array.from({ length: pick([1, 1, 1, 2]) }, () => block(own)) }),
      team: 'T024ACME',
      ...(chance(2) && { user_profile: profile(user) }),
      ...(chance(3) && pick(extras)()),
    };
  };
  const written = (value: unknown): string => {
    let json = JSON.stringify(value, null, pick([undefined, 4, '\t']));
    if (chance(4)) json = json.replaceAll('/', '\\/');
    if (chance(4))
      json = json.replace(/[\u0080-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
    if (chance(8)) json = json.replace('"text"', '"t\\u0065xt"');
    if (chance(8)) json = json.replace('"user"', '"text": "twice", "user"');
    if (chance(8)) json = json.replace('"type": "message"', '"type":\r\n "message"');
    return json;
  };
  const day = (): string => {
    const messages = Array.from({ length: 40 }, () => written(message()));
    messages[below(40)] = written({
      type: 'message',
      user: people[0],
      ts: `${seconds}.000001`,
      text: 'the password is',
    });
    let text = `[\n${messages.join(pick([',', ', ', ',\n']))}\n]`;
    const at = below(text.length);
    if (chance(6))
      text = text.slice(0, at) + pick(['', '"', '}', ',', '\u0000', 'x']) + text.slice(at + below(20));
    return text;
  };
  const dump = (): string =>
    `{"channel_id": "${pick(['C0DUMP001', 'D0DUMP001'])}", "name": "x", "messages": ${day()}, "after": 1}`;
  return {
    'users.json': JSON.stringify(
      people.map((id) => ({ id, team_id: 'T024ACME', name: id, profile: { email: `${id}@example.org` } })),
    ),
    'channels.json': JSON.stringify([{ id: 'C0AAAAAA1', name: 'deploys', members: people }]),
    'deploys/2020-09-13.json': day(),
    'deploys/2020-09-14.json': day(),
    'other/2020-09-14.json': pick([day, dump])(),
  };
}

test('Slack: lean and full reading write the same', async () => {
  let hits = 0;
  for (let seed = 1; seed <= 10; seed++) {
    const files = exportOf(seed);
    const options = { includeDirect: seed % 3 === 0, pieceBytes: seed % 2 === 0 ? 1 << 20 : 3000 };
    const full = await scan(files, undefined, options);
    const lean = await scan(files, module, options);
    expect(lean, `seed ${seed}`).toEqual(full);
    hits += full.contents.filter(({ findings }) => findings.length > 0).length;
  }
  expect(hits).toBeGreaterThan(100);
});
