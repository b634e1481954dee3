/** Items of Jira's RSS to records: the issue, its comments and its attachments. */
import type { Dialect, ExportRecord, RecordActor, RecordPlace, RecordSink, RecordText } from '../contract.js';
import { defined } from '../defined.js';
import { isNoise } from '../leaves.js';
import { fromRfc822, recordTime } from '../times.js';
import { append } from './append.js';
import { JiraMentions } from './jira-mentions.js';
import {
  commentLink,
  isIssueKey,
  issueLink,
  type JiraSite,
  nearestLink,
  projectKeyOf,
  siteOfAddress,
  sitePlace,
} from './jira-site.js';
import { issueTitle, withoutJunk } from './jira-values.js';
import { lifeTime } from './life-time.js';
import { childOf, childrenOf, leavesOf, type XmlNode, type XmlTree } from './xml-trees.js';

interface ItemFrame {
  readonly key: string;
  readonly title: string;
  readonly site: JiraSite;
  readonly place: RecordPlace;
  readonly raw: XmlTree['raw'];
}

/** Elements with rendered text. */
const richElements = new Set(['description', 'environment']);
/** Elements that are handled one by one, or hold times and counts only. */
const ownElements = new Set([
  'title',
  'link',
  'project',
  'key',
  'summary',
  'assignee',
  'reporter',
  'comments',
  'attachments',
  'customfields',
  'created',
  'updated',
  'resolved',
  'due',
]);
/** Other elements that Jira writes. */
const knownElements = new Set([
  'type',
  'priority',
  'status',
  'statusCategory',
  'resolution',
  'security',
  'labels',
  'component',
  'version',
  'fixVersion',
  'parent',
  'subtasks',
  'issuelinks',
  'timeestimate',
  'timeoriginalestimate',
  'timespent',
  'aggregatetimeoriginalestimate',
  'aggregatetimeremainingestimate',
  'aggregatetimespent',
  'votes',
  'watches',
]);
/** What Jira writes where nobody is. */
const nobody = new Set(['', 'Unassigned', 'Anonymous']);
/** `Fri, 24 Sep 2021 14:22:15 -0700` */
const longestTime = 31;
const plainAttributes = new Set(['id', 'iconUrl', 'colorName', 'seconds', 'accountid', 'username']);
const htmlLike = /<[a-z/!]|&(?:[a-z]{2,8}|#x?[0-9a-f]{1,6});/i;

export class JiraRssItems {
  readonly #sink: RecordSink;
  readonly #mentions: JiraMentions;
  readonly #told: JiraSite;
  #site: JiraSite | undefined;

  /** @param told the site that the user named */
  constructor(sink: RecordSink, told: JiraSite) {
    this.#sink = sink;
    this.#told = told;
    this.#mentions = new JiraMentions(sink);
  }

  /** What stands around the items. */
  channel(around: readonly { readonly path: string; readonly text: string }[]): void {
    const texts = around
      .filter(({ text }) => !isNoise('', text))
      .map(({ path, text }): RecordText => ({ text, dialect: 'plain', field: { path, role: 'metadata' } }));
    if (texts.length > 0)
      this.#sink.record({
        place: sitePlace(this.#site ?? this.#told),
        type: 'setting',
        id: 'channel',
        revision: { state: 'current' },
        texts,
      });
  }

  item(item: XmlTree): void {
    const link = childOf(item, 'link')?.text.trim();
    this.#site = siteOfAddress(link) ?? this.#site;
    const site = this.#site ?? this.#told;
    const title = childOf(item, 'title')?.text.trim() ?? '';
    const key = [childOf(item, 'key')?.text.trim(), /^\[([^\]]{1,270})\]/.exec(title)?.[1]].find(isIssueKey);
    if (key === undefined) {
      this.#loose(item, site);
      return;
    }
    const summary = childOf(item, 'summary')?.text;
    const place = this.#mentions.place(site, projectKeyOf(key), childOf(item, 'project')?.text.trim());
    const frame: ItemFrame = { key, title: issueTitle(key, summary?.trim()), site, place, raw: item.raw };
    this.#issue(item, frame, title);
    for (const comment of listed(item, 'comments', 'comment')) this.#comment(comment, frame);
    for (const attachment of listed(item, 'attachments', 'attachment')) this.#attachment(attachment, frame);
  }

  #issue(item: XmlTree, frame: ItemFrame, title: string): void {
    const texts: RecordText[] = [];
    const summary = childOf(item, 'summary')?.text ?? '';
    if (summary.trim() !== '') texts.push(textOf('summary', summary, 'title', 'plain'));
    if (title !== '' && title !== `[${frame.key}] ${summary.trim()}`)
      texts.push(textOf('title', title, 'title', 'plain'));
    for (const child of item.children)
      if (richElements.has(child.name) && child.text.trim() !== '')
        texts.push(textOf(child.name, child.text, 'description', 'html'));
    for (const field of listed(item, 'customfields', 'customfield'))
      append(texts, this.#field(field, frame.site));
    for (const child of item.children) append(texts, this.#others(child));
    this.#mentions.setting('project', frame.place.name, frame.place, () => [
      textOf('project', frame.place.name, 'setting', 'plain'),
    ]);
    const time = lifeTime(timeOf(item, 'created'), timeOf(item, 'updated'));
    const actor = this.#person(childOf(item, 'reporter'), frame.site, texts);
    this.#person(childOf(item, 'assignee'), frame.site, texts);
    const link = issueLink(frame.site, frame.key);
    this.#sink.record(
      defined<ExportRecord>({
        place: frame.place,
        type: 'issue',
        id: frame.key,
        title: frame.title,
        actor,
        time,
        revision: { state: 'current' },
        permalink: link,
        action: 'edit',
        texts,
        raw: frame.raw,
      }),
    );
  }

  #others(child: XmlNode): RecordText[] {
    if (ownElements.has(child.name) || richElements.has(child.name)) return [];
    const texts = leavesOf(child, child.name)
      .filter(({ name, text }) => !plainAttributes.has(name) && !isNoise(name, text.trim()))
      .map(({ path, text }) => textOf(path, text.trim(), 'metadata', dialectOf(text)));
    if (texts.length > 0 && !knownElements.has(child.name)) this.#sink.unknownKey(child.name);
    return texts;
  }

  #comment(comment: XmlNode, frame: ItemFrame): void {
    const id = comment.attributes.get('id');
    const created = comment.attributes.get('created');
    const author = comment.attributes.get('author') ?? '';
    const texts = comment.text.trim() === '' ? [] : [textOf('comment', comment.text, 'comment', 'html')];
    for (const level of ['roleLevel', 'groupLevel', 'grouplevel', 'rolelevel']) {
      const readers = comment.attributes.get(level);
      if (readers) texts.push(textOf(`comment@${level}`, readers, 'metadata', 'plain'));
    }
    const link =
      id === undefined ? nearestLink(frame.site, frame.key) : commentLink(frame.site, frame.key, id);
    this.#part(
      frame,
      'comment',
      id ?? `${frame.key}/${created ?? ''}/${author}/1`,
      author,
      created,
      [...texts, ...inner(comment, 'comment')],
      { action: 'edit', ...(link === undefined ? {} : { permalink: link }) },
    );
  }

  #attachment(attachment: XmlNode, frame: ItemFrame): void {
    const name = attachment.attributes.get('name') ?? '';
    const created = attachment.attributes.get('created');
    const link = nearestLink(frame.site, frame.key);
    this.#part(
      frame,
      'attachment',
      attachment.attributes.get('id') ?? `${frame.key}/${name}`,
      attachment.attributes.get('author') ?? '',
      created,
      [
        ...(name === '' ? [] : [textOf('attachment@name', name, 'attachment-name', 'plain')]),
        ...(attachment.text.trim() === ''
          ? []
          : [textOf('attachment', attachment.text, 'metadata', 'plain')]),
        ...inner(attachment, 'attachment'),
      ],
      { action: 'purge-attachment', ...(link === undefined ? {} : { permalink: link }) },
    );
    this.#sink.note('attachment-missing');
  }

  #part(
    frame: ItemFrame,
    type: ExportRecord['type'],
    id: string,
    author: string,
    created: string | undefined,
    texts: readonly RecordText[],
    more: Pick<ExportRecord, 'action' | 'permalink'>,
  ): void {
    if (texts.length === 0) return;
    const time = recordTime(fromRfc822(created));
    this.#sink.record(
      defined<ExportRecord>({
        place: frame.place,
        type,
        id,
        title: frame.title,
        thread: frame.key,
        ...(author === '' ? {} : { actor: this.#mentions.actor(author) }),
        time,
        revision: { state: 'current' },
        ...more,
        texts,
        raw: frame.raw,
      }),
    );
  }

  /** A person with an account; a name without one is a text of the issue. */
  #person(element: XmlNode | undefined, site: JiraSite, texts: RecordText[]): RecordActor | undefined {
    if (element === undefined) return undefined;
    const account = element.attributes.get('accountid') ?? element.attributes.get('username') ?? '';
    const displayName = element.text.trim();
    if (account !== '' && account !== '-1')
      return this.#mentions.user({ accountId: account, displayName }, site);
    if (!nobody.has(displayName)) texts.push(textOf(element.name, displayName, 'metadata', 'plain'));
    return undefined;
  }

  /** Values of a custom field under its name; the names of all fields stand in each item, values or not. */
  #field(field: XmlNode, site: JiraSite): RecordText[] {
    const id = field.attributes.get('id') ?? 'customfield';
    const name = childOf(field, 'customfieldname')?.text.trim() ?? '';
    if (name !== '')
      this.#mentions.setting(`fields/${id}`, name, sitePlace(site), () => [
        textOf(id, name, 'setting', 'plain'),
      ]);
    return fieldTexts(field, id, name);
  }

  /** An item that names no issue. */
  #loose(item: XmlTree, site: JiraSite): void {
    const texts = leavesOf(item, 'item')
      .filter(({ name, text }) => !plainAttributes.has(name) && !isNoise(name, text.trim()))
      .map(({ path, text }) => textOf(path, text.trim(), 'metadata', dialectOf(text)));
    if (texts.length === 0) return;
    this.#sink.record({
      place: sitePlace(site),
      type: 'row',
      id: `byte ${item.raw.start}`,
      revision: { state: 'unknown' },
      texts,
      raw: item.raw,
    });
  }
}

/** Elements of all lists of a name: what damage joins to one item has several. */
function listed(item: XmlNode, list: string, name: string): readonly XmlNode[] {
  return childrenOf(item, list).flatMap((each) => childrenOf(each, name));
}

/** Values of a custom field under its name. */
function fieldTexts(field: XmlNode, id: string, label: string): RecordText[] {
  return field.children
    .filter((child) => child.name !== 'customfieldname')
    .flatMap((child) => leavesOf(child, id))
    .map(({ path, name, text }) => ({ path, name, text: withoutJunk(text.trim()) }))
    .filter(({ name, text }) => text !== '' && name !== 'key' && name !== 'id' && !isNoise('', text))
    .filter(({ text }) => text.length > longestTime || fromRfc822(text) === undefined)
    .map(({ path, text }) => ({
      ...textOf(path, text, 'custom-field', dialectOf(text)),
      ...(label === '' ? {} : { label }),
    }));
}

/** Text of elements where none is expected. */
function inner(node: XmlNode, path: string): RecordText[] {
  return node.children
    .flatMap((child) => leavesOf(child, `${path}/${child.name}`))
    .map(({ path: leaf, text }) => textOf(leaf, text, 'metadata', dialectOf(text)));
}

function textOf(path: string, text: string, role: RecordText['field']['role'], dialect: Dialect): RecordText {
  return { text, dialect, field: { path, role } };
}

function dialectOf(text: string): Dialect {
  return htmlLike.test(text) ? 'html' : 'plain';
}

function timeOf(item: XmlNode, name: string): ReturnType<typeof fromRfc822> {
  return fromRfc822(childOf(item, name)?.text.trim());
}
