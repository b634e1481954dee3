/** A small workspace export in Slack's layout, made up. */
import type { ExportRecord } from '../../../../../src/sources/exports/contract.js';
import { readExport } from '../../../../support/read-export.js';

export const users = [
  {
    id: 'U0ANA00001',
    team_id: 'T0TEAM001',
    name: 'ana',
    real_name: 'Ana Real',
    profile: {
      display_name: 'Ana R',
      real_name: 'Ana Real',
      email: 'ana@example.org',
      title: 'Deputy of ops',
    },
    updated: 1600000000,
  },
  {
    id: 'U0BOB00002',
    team_id: 'T0TEAM001',
    name: 'bob',
    profile: { display_name: '', real_name: 'Bob' },
  },
  { id: 'U0EXT00003', team_id: 'T0OTHER02', name: 'guest', profile: { display_name: 'Guest' } },
];

export const channels = [
  {
    id: 'C0DEPLOY01',
    name: 'deploys',
    created: '1500000000',
    creator: 'U0ANA00001',
    is_archived: false,
    members: ['U0ANA00001'],
    topic: { value: 'where <https://ops.example.org|ops> meet', creator: 'U0ANA00001', last_set: 1500000001 },
    purpose: { value: 'rolling out', creator: '', last_set: 0 },
    previous_names: ['old-deploys'],
  },
];
export const groups = [
  { id: 'G0SECRET01', name: 'board', created: 1500000000, creator: 'U0ANA00001', members: ['U0ANA00001'] },
];
export const dms = [{ id: 'D0DIRECT01', created: 1500000000, members: ['U0ANA00001', 'U0BOB00002'] }];
export const mpims = [
  {
    id: 'G0GROUP001',
    name: 'mpdm-ana--bob--guest-1',
    created: 1500000000,
    members: ['U0ANA00001', 'U0BOB00002', 'U0EXT00003'],
  },
];

export const lists = {
  'users.json': JSON.stringify(users),
  'channels.json': JSON.stringify(channels),
  'groups.json': JSON.stringify(groups),
  'dms.json': JSON.stringify(dms),
  'mpims.json': JSON.stringify(mpims),
};

export const plainMessage = {
  type: 'message',
  user: 'U0ANA00001',
  text: 'deploy starts',
  ts: '1600000100.000200',
};

/** A message with a file, whose address tells the domain of the workspace. */
export const fileMessage = {
  type: 'message',
  user: 'U0ANA00001',
  text: 'see file',
  ts: '1600000200.000100',
  files: [
    {
      id: 'F0FILE0001',
      name: 'env.txt',
      title: 'The env',
      mode: 'snippet',
      filetype: 'text',
      preview: 'A=1\nB=2',
      preview_highlight: '<div class="CodeMirror"><pre>A=1</pre></div>',
      preview_is_truncated: true,
      url_private: `https://files.slack.com/files-pri/T0TEAM001-F0FILE0001/env.txt?t=${'xo'}xe-1-2-3`,
      permalink: 'https://acme.slack.com/files/U0ANA00001/F0FILE0001/env.txt',
    },
  ],
};

export type Files = Record<string, string | Buffer>;

/** Reads one day of a channel, with the lists beside it. */
export async function readDay(
  messages: readonly unknown[],
  options: Parameters<typeof readExport>[2] & { readonly folder?: string; readonly others?: Files } = {},
): Promise<Awaited<ReturnType<typeof readExport>>> {
  const name = `${options.folder ?? 'deploys'}/2020-09-13.json`;
  return await readExport({ ...lists, ...options.others, [name]: JSON.stringify(messages) }, name, options);
}

export function messagesOf(records: readonly ExportRecord[]): readonly ExportRecord[] {
  return records.filter((record) => record.type === 'message');
}

/** Texts of a record by field path. */
export function textsOf(record: ExportRecord | undefined): Record<string, string> {
  return Object.fromEntries((record?.texts ?? []).map((text) => [text.field.path, text.text]));
}
