/** What the objects and strings of a Trello board are. */
import {
  type JsonObject,
  lastKey,
  memberOf,
  type ObjectFormat,
  stringOf,
  type TextField,
} from '../object-texts.js';

export type TrelloKind =
  | 'board'
  | 'card'
  | 'action'
  | 'checklist'
  | 'list'
  | 'label'
  | 'member'
  | 'custom-field'
  | 'other';

function has(object: JsonObject, ...keys: readonly string[]): boolean {
  return keys.every((key) => memberOf(object, key) !== undefined);
}

export function trelloKindOf(object: JsonObject): TrelloKind {
  if (has(object, 'type', 'data', 'idMemberCreator')) return 'action';
  if (has(object, 'idList', 'name')) return 'card';
  if (has(object, 'checkItems')) return 'checklist';
  if (has(object, 'fieldGroup') || has(object, 'idModel', 'modelType')) return 'custom-field';
  if (has(object, 'color', 'idBoard')) return 'label';
  if (has(object, 'pos', 'idBoard')) return 'list';
  if (has(object, 'username')) return 'member';
  return has(object, 'name', 'prefs') || has(object, 'shortLink', 'cards') ? 'board' : 'other';
}

type Rule = (key: string, path: readonly string[], text: string) => TextField | 'skip' | undefined;

const prose: ReadonlyMap<string, TextField> = new Map<string, TextField>([
  ['desc', { role: 'description', dialect: 'markdown' }],
  ['text', { role: 'comment', dialect: 'markdown' }],
  ['bio', { role: 'profile', dialect: 'plain' }],
]);

const known: ReadonlySet<string> = new Set(
  `name url shortUrl email fullName username initials text value fileName labelNames permissionLevel comments
   invitations backgroundColor author iframeConnectorUrl privacyUrl supportEmail moderatedState listName
   cardRole mimeType address locationName data orange green yellow red purple blue sky lime pink black
   translationKey reason attachment due start description overview capabilities categories tags @1x @2x`.split(
    /\s+/,
  ),
);

const noise: ReadonlySet<string> = new Set(
  `shortLink nodeId ixUpdate color background backgroundTile permissionLevel translationKey avatarHash initials
   idMemberCreator memberType modelType fieldGroup cardAging voting creationMethod cardCovers size brightness status
   backgroundBrightness backgroundTopColor backgroundBottomColor memberSubscribed type checked`.split(/\s+/),
);

const shortWord = /^[\w#.-]{1,64}$/;
const boardLink = /^https:\/\/trello\.com\/[bc]\/[\w/%-]{1,300}$/;

const skipped: Rule = (key, _path, text) => {
  if (noise.has(key) && shortWord.test(text)) return 'skip';
  if (/^id(?:[A-Z]|$)/.test(key) && /^[0-9a-f]{24}$/.test(text)) return 'skip';
  return /^(?:url|shortUrl)$/.test(key) && boardLink.test(text) ? 'skip' : undefined;
};

const attachment: Rule = (key, path) => {
  if (!path.includes('attachments') && path.at(-2) !== 'attachment') return undefined;
  if (key === 'name' || key === 'fileName') return { role: 'attachment-name', dialect: 'plain' };
  return key === 'url' ? { role: 'link', dialect: 'plain' } : undefined;
};

const ofKind: Readonly<Partial<Record<TrelloKind, Rule>>> = {
  checklist: (key, path) =>
    key === 'name' ? { role: path.length === 1 ? 'title' : 'body', dialect: 'markdown' } : undefined,
  card: (key, path) =>
    path.length === 1 && key === 'desc' ? { role: 'body', dialect: 'markdown' } : undefined,
  member: () => ({ role: 'profile', dialect: 'plain' }),
  action: (_key, path) => (path.includes('old') ? { role: 'history-old', dialect: 'markdown' } : undefined),
};

const common: Rule = (key, path) => {
  if (path.length === 1 && key === 'name') return { role: 'title', dialect: 'plain' };
  // Answers to a custom field: the field's name stands elsewhere in the board.
  const isAnswer = key === 'text' && path.includes('value');
  return isAnswer ? { role: 'custom-field', dialect: 'plain' } : prose.get(key);
};

const mostNames = 100_000;

/** Each action names its board, card and list again: a name is given once. */
export class TrelloNames {
  readonly #seen = new Set<string>();

  isRepeated(path: readonly string[], text: string, holder: JsonObject): boolean {
    if (path[0] !== 'data' || path.length !== 3 || path[2] !== 'name') return false;
    const key = `${stringOf(holder, 'id') ?? ''}\0${text}`;
    if (this.#seen.has(key)) return true;
    if (this.#seen.size < mostNames) this.#seen.add(key);
    return false;
  }
}

export function trelloFormat(kind: TrelloKind, names: TrelloNames): ObjectFormat {
  const own = ofKind[kind];
  const rules = [skipped, attachment, ...(own === undefined ? [] : [own]), common];
  return {
    known,
    // People stand in each action; they are records of their own.
    isRecord: (value) => kind === 'action' && has(value, 'username'),
    field: (path, text, holder) => {
      if (names.isRepeated(path, text, holder)) return 'skip';
      const key = lastKey(path);
      for (const rule of rules) {
        const field = rule(key, path, text);
        if (field !== undefined) return field;
      }
      return undefined;
    },
  };
}
