/** Trello: a board as JSON. Its actions are comments, former wordings, and whatever else happened. */
import type {
  ExportReader,
  ExportRecord,
  Probe,
  Recognition,
  RecordActor,
  RecordPlace,
  RecordSink,
  RecordText,
} from '../contract.js';
import { decodeHead } from '../decode-text.js';
import { readJsonRecords } from '../json-records.js';
import { jsonShapeOf } from '../json-shape.js';
import { idOf, isObject, type JsonObject, memberOf, objectOf, stringOf, textsOf } from '../object-texts.js';
import { fromEpoch, fromIso, type Instant, recordTime } from '../times.js';
import { tidyRecord } from './tidy-record.js';
import { type TrelloKind, TrelloNames, trelloFormat, trelloKindOf } from './trello-fields.js';

/** Boards give no more of their history than this. */
const mostActions = 1000;

const lists = [
  'cards',
  'actions',
  'checklists',
  'lists',
  'labels',
  'members',
  'customFields',
  'memberships',
  'pluginData',
];

function recognise({ json, text }: Probe): Recognition | undefined {
  if (json === undefined) return undefined;
  const { keys } = json;
  const marks = [
    'idOrganization',
    'shortLink',
    'labelNames',
    'idMemberCreator',
    'powerUps',
    'idBoardSource',
    'shortUrl',
  ];
  const count = marks.filter((key) => keys.includes(key)).length;
  const isBoard = keys.includes('cards') && keys.includes('lists') && keys.includes('actions');
  if (json.root === 'object' && (isBoard || count >= 4) && count > 0)
    return { score: 0.96, reason: 'board with lists, cards and actions' };
  if (json.inner['actions']?.includes('idMemberCreator') === true)
    return { score: 0.95, reason: 'actions of a board' };
  if (isBoard && /https:\/\/trello\.com\//.test(text))
    return { score: 0.9, reason: 'board with cards and actions' };
  const isRows = keys.includes('idBoard') && keys.includes('idList') && keys.includes('idShort');
  const isActions = keys.includes('idMemberCreator') && keys.includes('data') && keys.includes('type');
  return isRows || isActions
    ? { score: 0.9, reason: isRows ? 'cards of a board' : 'actions of a board' }
    : undefined;
}

export const trelloReader: ExportReader = {
  id: 'trello-json',
  system: 'trello',
  label: 'Trello JSON',
  most: 0.96,
  jsonKeys: [
    'cards',
    'actions',
    'idBoard',
    'idMemberCreator',
    'idOrganization',
    'shortLink',
    'labelNames',
    'powerUps',
    'idBoardSource',
    'shortUrl',
  ],
  recognise,
  read: async (file, sink) => {
    const board = new TrelloBoard(sink, file.name);
    const shape = jsonShapeOf(decodeHead(file.head));
    const isBoard = shape?.root === 'object' && !shape.keys.includes('idList');
    const paths = shape?.root === 'array' ? ['/*'] : isBoard ? lists.map((name) => `/${name}/*`) : [''];
    await readJsonRecords(file, paths, sink, {
      record: ({ value, pointer, ancestors, raw }) => {
        if (isObject(value)) board.add(value, pointer, ancestors[0] ?? {}, raw);
      },
      end: (root) => {
        if (isObject(root) && isBoard) board.end(root);
      },
    });
    board.finish();
  },
};

class TrelloBoard {
  readonly #sink: RecordSink;
  readonly #fileName: string;
  /** Names of custom fields, which stand behind the cards, by id. */
  readonly #fieldNames = new Map<string, string>();
  /** Answers to custom fields wait for the names. */
  #answers: { readonly record: ExportRecord; readonly field: string }[] = [];
  readonly #cards = new Map<string, Pick<ExportRecord, 'title' | 'permalink'>>();
  readonly #names = new TrelloNames();
  /** What has been told of each person. */
  readonly #people = new Set<string>();
  #actions = 0;

  constructor(sink: RecordSink, fileName: string) {
    this.#sink = sink;
    this.#fileName = fileName;
  }

  add(value: JsonObject, pointer: string, board: JsonObject, raw: ExportRecord['raw']): void {
    const kind = trelloKindOf(value);
    const place = this.#placeOf(board, value);
    if (kind === 'action') this.#action(value, place, raw);
    else if (kind === 'card') this.#card(value, place, raw);
    else {
      const id = idOf(value, 'id');
      if (kind === 'custom-field' && id !== undefined)
        this.#fieldNames.set(id, stringOf(value, 'name') ?? id);
      const card = stringOf(value, 'idCard');
      const about = card === undefined ? undefined : this.#cards.get(card);
      this.#give(value, kind, {
        place,
        type: kind === 'member' ? 'profile' : kind === 'checklist' ? 'issue' : 'setting',
        id: id ?? pointer,
        title: about?.title ?? stringOf(value, 'name', 'fullName'),
        thread: card,
        permalink: about?.permalink,
        action: 'edit',
        raw,
      });
    }
  }

  /** What stands around the lists is the board itself. */
  end(board: JsonObject): void {
    const rest = Object.fromEntries(Object.entries(board).filter(([, value]) => !isEmptyList(value)));
    const url = stringOf(board, 'shortUrl', 'url');
    const isAddress = url !== undefined && /^https?:\/\/\S+$/.test(url);
    this.#give(rest, 'board', {
      place: this.#placeOf(board, board),
      type: 'setting',
      id: 'board',
      title: stringOf(board, 'name'),
      permalink: isAddress ? { url } : undefined,
      action: 'edit',
    });
    if (this.#actions >= mostActions) this.#sink.note('incomplete');
  }

  /** Hands over the answers to custom fields, whose names are known by now. */
  finish(): void {
    for (const { record, field } of this.#answers) {
      const label = this.#fieldNames.get(field);
      this.#sink.record(
        label === undefined ? record : { ...record, texts: record.texts.map((text) => ({ ...text, label })) },
      );
    }
    this.#answers = [];
  }

  #card(value: JsonObject, place: RecordPlace, raw: ExportRecord['raw']): void {
    const id = idOf(value, 'id') ?? '';
    const url = stringOf(value, 'shortUrl', 'url');
    const permalink = url !== undefined && /^https?:\/\/\S+$/.test(url) ? { url } : undefined;
    const title = stringOf(value, 'name');
    if (this.#cards.size >= mostHeld) this.#cards.clear();
    this.#cards.set(id, { ...(title !== undefined && { title }), ...(permalink && { permalink }) });
    const { customFieldItems: answers, attachments, ...rest } = value;
    const record = {
      place,
      type: 'issue' as const,
      id,
      title,
      permalink,
      time: recordTime(timeOfId(id)),
      action: 'clear-history' as const,
      raw,
    };
    this.#give({ ...rest, ...(attachments !== undefined && { attachments }) }, 'card', record);
    if (Array.isArray(attachments)) {
      const uploads = attachments.filter((one) => isObject(one) && memberOf(one, 'isUpload') === true).length;
      if (uploads > 0) this.#sink.note('attachment-missing', uploads);
    }
    // Without the names it is, in a board larger than Trello allows.
    if (this.#answers.length >= mostHeld) this.finish();
    for (const answer of Array.isArray(answers) ? answers : []) {
      if (!isObject(answer)) continue;
      const { texts } = textsOf({ customFieldItems: answer }, trelloFormat('card', this.#names), (key) =>
        this.#sink.unknownKey(key),
      );
      if (texts.length > 0)
        this.#answers.push({
          record: tidyRecord({ ...record, texts }),
          field: stringOf(answer, 'idCustomField') ?? '',
        });
    }
  }

  #action(value: JsonObject, place: RecordPlace, raw: ExportRecord['raw']): void {
    this.#actions++;
    const action = readAction(value, String(this.#actions));
    const { texts, inner } = textsOf(value, trelloFormat('action', this.#names), (key) =>
      this.#sink.unknownKey(key),
    );
    for (const person of inner) this.#person(person.value, place);
    const common = { ...action.common, place, raw };
    const old = texts.filter(isOld);
    if (old.length > 0)
      this.#sink.record(
        tidyRecord({
          ...common,
          ...action.changed,
          permalink: action.page === undefined ? undefined : { url: action.page, level: 'record' },
          action: 'cannot-remove',
          revision: { state: 'previous', id: action.id },
          texts: old,
        }),
      );
    const rest = texts.filter((text) => !isOld(text));
    if (rest.length > 0)
      this.#sink.record(tidyRecord({ ...common, ...action.record, id: action.id, texts: rest }));
  }

  #person(value: JsonObject, place: RecordPlace): void {
    const key = JSON.stringify(value);
    if (this.#people.has(key)) return;
    if (this.#people.size < mostPeople) this.#people.add(key);
    this.#give(value, 'member', {
      place,
      type: 'profile',
      id: idOf(value, 'id') ?? 'member',
      title: stringOf(value, 'fullName', 'username'),
    });
  }

  #give(value: JsonObject, kind: TrelloKind, record: Omit<Parameters<typeof tidyRecord>[0], 'texts'>): void {
    const { texts } = textsOf(value, trelloFormat(kind, this.#names), (key) => this.#sink.unknownKey(key));
    if (texts.length > 0) this.#sink.record(tidyRecord({ ...record, texts }));
  }

  #placeOf(board: JsonObject, value: JsonObject): RecordPlace {
    const id =
      idOf(board, 'id') ??
      stringOf(value, 'idBoard') ??
      stringOf(objectOf(objectOf(value, 'data') ?? {}, 'board') ?? {}, 'id');
    const name = stringOf(board, 'name');
    const level = stringOf(objectOf(board, 'prefs') ?? {}, 'permissionLevel');
    const audience =
      level === 'public'
        ? 'public'
        : level === 'org'
          ? 'internal'
          : level === 'private'
            ? 'restricted'
            : 'unknown';
    const isArchived = memberOf(board, 'closed') === true;
    return {
      kind: 'board',
      id: id ?? this.#fileName,
      name: name ?? id ?? this.#fileName,
      audience,
      ...(isArchived && { archived: true }),
    };
  }
}

const mostPeople = 20_000;
/** Cards, or answers to custom fields, that are kept until the board ends. */
const mostHeld = 50_000;

function isOld(text: RecordText): boolean {
  return text.field.role === 'history-old';
}

type Parts = Parameters<typeof tidyRecord>[0];

interface Action {
  readonly id: string;
  /** Page of the card that it is about. */
  readonly page: string | undefined;
  readonly common: Pick<Parts, 'title' | 'actor' | 'time'>;
  /** The record whose former wording it keeps. */
  readonly changed: Pick<Parts, 'type' | 'id'>;
  readonly record: Pick<Parts, 'type' | 'thread' | 'permalink' | 'action' | 'revision'>;
}

function readAction(value: JsonObject, ordinal: string): Action {
  const id = idOf(value, 'id') ?? ordinal;
  const type = stringOf(value, 'type') ?? '';
  const data = objectOf(value, 'data') ?? {};
  const card = objectOf(data, 'card') ?? {};
  const cardId = idOf(card, 'id');
  const shortLink = stringOf(card, 'shortLink') ?? '';
  const page = /^\w{4,16}$/.test(shortLink) ? `https://trello.com/c/${shortLink}` : undefined;
  const created = fromIso(stringOf(value, 'date')) ?? timeOfId(id);
  const isComment = /^(?:commentCard|copyCommentCard)$/.test(type);
  const about = idOf(objectOf(data, 'list', 'label', 'board') ?? {}, 'id') ?? id;
  return {
    id,
    page,
    common: {
      title: stringOf(card, 'name') ?? stringOf(objectOf(data, 'board') ?? {}, 'name'),
      actor: actorOf(value),
      time: recordTime(created, fromIso(stringOf(data, 'dateLastEdited'))),
    },
    changed: cardId === undefined ? { type: 'setting', id: about } : { type: 'issue', id: cardId },
    record: isComment
      ? {
          type: 'comment',
          thread: cardId,
          permalink: page === undefined ? undefined : { url: `${page}#comment-${id}` },
          action: 'edit',
        }
      : {
          type: 'change',
          thread: cardId,
          permalink: page === undefined ? undefined : { url: page, level: 'record' },
          action: 'cannot-remove',
          revision: { state: type.startsWith('delete') ? 'deleted' : 'current' },
        },
  };
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function actorOf(value: JsonObject): RecordActor | undefined {
  const member = objectOf(value, 'memberCreator');
  const id = stringOf(value, 'idMemberCreator') ?? (member && idOf(member, 'id'));
  const name = member === undefined ? undefined : stringOf(member, 'fullName', 'username');
  return id === undefined && name === undefined
    ? undefined
    : { ...(id !== undefined && { id }), ...(name !== undefined && { name }) };
}

/** The first eight digits of an id are the second in which it was made. */
function timeOfId(id: string): Instant | undefined {
  return /^[0-9a-f]{24}$/.test(id) ? fromEpoch(Number.parseInt(id.slice(0, 8), 16), 's') : undefined;
}
