/** What cleaning a copy takes, by the sort of place it stands in. */
import type { Copy } from '../../dossier.js';

/** Ways of cleaning: copies of one way, place and custodian can be cleaned in one go. */
export type Cleaning =
  | 'head'
  | 'history'
  | 'unreachable'
  | 'git-text'
  | 'chat'
  | 'chat-file'
  | 'ticket'
  | 'attachment'
  | 'wiki'
  | 'mail'
  | 'old-wording'
  | 'notebook-output'
  | 'log'
  | 'file';

const byKind: Readonly<Record<Copy['location']['appearance']['locationKind'], Cleaning>> = {
  'git-head': 'head',
  'git-other-tip': 'head',
  'git-history': 'history',
  'git-unreachable': 'unreachable',
  'git-reflog': 'unreachable',
  'git-stash': 'unreachable',
  'git-note': 'git-text',
  'git-staged': 'file',
  'git-commit-message': 'git-text',
  'git-tag-message': 'git-text',
  'git-metadata': 'git-text',
  'loose-file': 'file',
  'archive-entry': 'file',
  stdin: 'file',
  metadata: 'file',
  'ticket-body': 'ticket',
  'ticket-comment': 'ticket',
  'ticket-attachment': 'attachment',
  'chat-message': 'chat',
  'chat-thread': 'chat',
  'chat-file': 'chat-file',
  'wiki-page': 'wiki',
  mail: 'mail',
  'notebook-output': 'notebook-output',
  log: 'log',
  dump: 'log',
  profile: 'file',
  'chat-edit-history': 'old-wording',
  'record-history': 'old-wording',
};

export function cleaningOf({ location, presence }: Copy): Cleaning {
  const cleaning = byKind[location.appearance.locationKind];
  return presence === 'edited-out' && !location.appearance.locationKind.startsWith('git-')
    ? 'old-wording'
    : cleaning;
}

/** Words for titles: where it is. */
export const cleaningNames: Readonly<Record<Cleaning, string>> = {
  head: 'HEAD',
  history: 'history',
  unreachable: 'objects that no ref reaches',
  'git-text': 'messages and notes of git',
  chat: 'chat',
  'chat-file': 'files of the chat',
  ticket: 'ticket',
  attachment: 'attachment',
  wiki: 'wiki',
  mail: 'mail',
  'old-wording': 'earlier wordings',
  'notebook-output': 'notebook output',
  log: 'logs and dumps',
  file: 'file',
};

const rewrite =
  'Decide, and record it: rewrite the history (every clone is made anew, the host is asked to drop old objects, which stay reachable by their ids and through pull requests), or accept that it stays. Accepting takes a value that is attested dead, and the word of the custodian.';

/** What to do, by the way of cleaning. */
export const cleaningAdvice: Readonly<Record<Cleaning, string>> = {
  head: 'Take the value out of every branch that has it in its tip, and read it from the vault instead. A commit that removes it leaves it in history.',
  history: rewrite,
  unreachable:
    'Let reflogs expire and collect garbage in every clone that is known; ask the host to drop cached objects and refs of pull requests.',
  'git-text': `The text of a commit, tag or note changes only by writing it anew, which changes the ids of all that follow. ${rewrite}`,
  chat: 'Delete the message, with its thread previews, quotes and edit history; exports, notifications and devices may keep it.',
  'chat-file': 'Delete the file for everybody, with its previews and shares in other channels.',
  ticket:
    'Take it out of the text, then delete the earlier wording from the history of the ticket; the mails that the ticket sent hold it as well.',
  attachment: 'Delete the attachment with its previews; earlier versions and mails that carried it as well.',
  wiki: 'Take it out of the page, then delete the revisions that hold it; copies of the page and exports as well.',
  mail: 'Delete it from the mailboxes of sender and recipients, and ask for the archive; forwarded copies are asked for, not assumed.',
  'old-wording':
    'The present text is clean; an administrator deletes the revision or edit history that still shows it.',
  'notebook-output': 'Clear the outputs and save; whoever rendered or shared the notebook has a copy.',
  log: 'Delete or overwrite the file, with rotated, shipped and backed-up copies of it; mask the value where it is written.',
  file: 'Delete the file or take the value out; backups and synchronised copies as well.',
};

/** What the file itself adds, by container rule. */
const byContainer: Readonly<Record<string, (copies: readonly Copy[]) => string>> = {
  C5: (copies) =>
    `Images built${builtBetween(copies)} keep it in their layers: delete them from every registry and cache.`,
  C9: () =>
    'Terraform keeps every attribute in its state in clear: replace it there, and purge old versions of the state in the backend.',
  C17: () => 'An agent reads this file: ask for the value or take it from a store instead.',
  C18: () => 'Agents read this text: transcripts and caches of sessions may repeat it.',
  C19: () => 'Clear outputs, and read the value from the environment in the source.',
  C21: () => 'It is made from another file: clean the source, build again, and drop published builds.',
};

function builtBetween(copies: readonly Copy[]): string {
  const commits = copies.flatMap(({ location: { appearance } }) =>
    appearance.type === 'git-blob' ? [appearance.introduced, appearance.removed] : [],
  );
  const dated = commits
    .flatMap((commit) =>
      commit === undefined ? [] : [{ id: commit.id, at: Date.parse(commit.committerDate) }],
    )
    .sort((a, b) => a.at - b.at);
  const [first, last] = [dated[0], dated.at(-1)];
  if (first === undefined || last === undefined) return '';
  const isStill = copies.some(({ presence }) => presence === 'head');
  const end = isStill || last.id === first.id ? 'until now' : `until ${last.id.slice(0, 10)}`;
  return ` from ${first.id.slice(0, 10)} ${end}`;
}

/** Further sentences that the files of the copies ask for. */
export function containerAdvice(copies: readonly Copy[]): string {
  const byRule = new Map<string, Copy[]>();
  for (const copy of copies) {
    if (copy.container === undefined || byContainer[copy.container] === undefined) continue;
    const known = byRule.get(copy.container);
    if (known === undefined) byRule.set(copy.container, [copy]);
    else known.push(copy);
  }
  return [...byRule]
    .sort(([a], [b]) => Number(a.slice(1)) - Number(b.slice(1)))
    .map(([rule, own]) => ` ${byContainer[rule]?.(own) ?? ''}`)
    .join('');
}
