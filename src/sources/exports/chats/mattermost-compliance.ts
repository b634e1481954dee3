/** Mattermost: compliance export as CSV (`posts.csv`), with ids of posts, edits and deletions. */
import type { ExportReader, ExportRecord, RecordPlace, RecordSink, RecordText } from '../contract.js';
import { csvHeadOf, openCsv } from '../csv-rows.js';
import { defined } from '../defined.js';
import { fromEpoch, recordTime } from '../times.js';

const needed = ['Post Creation Time', 'Channel Id', 'Post Id', 'Post Message'];
/** Columns that become place, author, time and id, or hold words of closed sets. */
const told = new Set([
  ...needed,
  'Post Update Time',
  'Update Time',
  'Team Id',
  'Team Name',
  'Channel Name',
  'Channel Type',
  'User Id',
  'User Email',
  'Username',
  'Edited By Post Id',
  'Replied to Post Id',
  'Previews Post Id',
  'Post Type',
  'User Type',
  'Post Update Type',
  'Updated Type',
]);

function isHeader(cells: readonly string[]): boolean {
  return needed.every((name) => cells.includes(name));
}

export const mattermostComplianceReader: ExportReader = {
  id: 'mattermost-compliance-csv',
  system: 'mattermost',
  label: 'Mattermost compliance export',
  isNeverJson: true,
  most: 0.95,

  recognise(probe) {
    if (!probe.text.slice(0, 2000).includes('Post Creation Time')) return undefined;
    const head = csvHeadOf(probe.text, isHeader);
    return isHeader(head?.rows[head.headerIndex] ?? [])
      ? { score: 0.95, reason: `columns ${needed.join(', ')}` }
      : undefined;
  },

  async read(file, sink, hints) {
    const table = await openCsv(file, sink, { isHeader });
    const posts = new Posts(table.header, hints.baseUrl?.replace(/\/+$/, ''), sink);
    for await (const rows of table.rows) {
      for (const { cells, raw } of rows) posts.row(cells, raw, hints.includeDirect);
      if (sink.aborted) return;
      await sink.drained();
    }
  },
};

class Posts {
  readonly #header: readonly string[];
  readonly #columns: ReadonlyMap<string, number>;
  readonly #baseUrl: string | undefined;
  readonly #tenant: string | undefined;
  readonly #sink: RecordSink;

  constructor(header: readonly string[], baseUrl: string | undefined, sink: RecordSink) {
    this.#header = header;
    this.#columns = new Map(header.map((name, i) => [name, i]));
    this.#baseUrl = baseUrl;
    this.#tenant = /^https?:\/\/([^/?#]+)/.exec(baseUrl ?? '')?.[1];
    this.#sink = sink;
  }

  row(cells: readonly string[], raw: ExportRecord['raw'], includeDirect: boolean): void {
    const get = (name: string): string => cells[this.#columns.get(name) ?? -1] ?? '';
    const place = this.#placeOf(get);
    if (place.kind !== 'channel' && !includeDirect) {
      this.#sink.note('direct-message');
      return;
    }
    const texts = this.#textsOf(cells, get);
    if (texts.length === 0) return;
    const post = get('Post Id');
    // What an edit replaced stands in a row of its own, which names the post that goes on.
    const edited = get('Edited By Post Id');
    const isPrevious = edited !== '' && edited !== post;
    const change = get('Post Update Type') || get('Updated Type');
    const state = isPrevious ? 'previous' : /deleted/i.test(change) ? 'deleted' : 'current';
    const id = isPrevious ? edited : post;
    const time = get('Post Creation Time');
    const thread = get('Replied to Post Id');
    this.#sink.record(
      defined<ExportRecord>({
        place,
        type: get('Post Type').includes('attachment') ? 'attachment' : 'message',
        // Rows of people who came and went have no post.
        id: id || `${time}/${get('User Id')}/${get('Post Type')}`,
        thread: thread === '' ? undefined : thread,
        actor: {
          id: get('User Id') || get('Username'),
          name: get('Username'),
          ...(get('User Email') === '' ? {} : { email: get('User Email') }),
          kind: get('User Type') === 'bot' ? 'bot' : 'user',
        },
        time: recordTime(fromEpoch(time), fromEpoch(get('Post Update Time') || get('Update Time'))),
        revision: isPrevious ? { state, id: post } : { state },
        permalink: this.#permalink(get('Team Name'), id),
        action: state === 'current' ? 'edit' : 'ask-admin',
        texts,
        raw,
      }),
    );
  }

  /** Team and channel by name, as in the bulk export, so that both are one place. */
  #placeOf(get: (name: string) => string): RecordPlace {
    const type = get('Channel Type');
    const kind = type === 'direct' ? 'dm' : type === 'group' ? 'group-dm' : 'channel';
    const isNamed = kind === 'channel' && get('Team Name') !== '' && get('Channel Name') !== '';
    const id = isNamed ? `${get('Team Name')}/${get('Channel Name')}` : get('Channel Id');
    return defined<RecordPlace>({
      kind,
      tenant: this.#tenant,
      id,
      name:
        kind === 'channel'
          ? `#${get('Channel Display Name') || get('Channel Name')}`
          : `direct message ${id}`,
      audience: type === 'public' ? 'internal' : type === '' ? 'unknown' : 'restricted',
    });
  }

  #textsOf(cells: readonly string[], get: (name: string) => string): RecordText[] {
    const texts: RecordText[] = [];
    const isFile = get('Post Type').includes('attachment');
    const message = get('Post Message');
    if (message !== '') {
      texts.push({
        text: message,
        dialect: isFile ? 'plain' : 'markdown',
        field: { path: 'Post Message', role: isFile ? 'filename' : 'body' },
      });
    }
    for (const [i, cell] of cells.entries()) {
      const name = this.#header[i] ?? `column ${i + 1}`;
      if (cell === '' || told.has(name) || name.endsWith('Display Name')) continue;
      texts.push({ text: cell, dialect: 'plain', field: { path: name, role: 'metadata' }, label: name });
      this.#sink.unknownKey(name);
    }
    return texts;
  }

  #permalink(team: string, post: string): ExportRecord['permalink'] {
    if (this.#baseUrl === undefined || post === '' || team === '') return undefined;
    return { url: `${this.#baseUrl}/${encodeURIComponent(team)}/pl/${encodeURIComponent(post)}` };
  }
}
