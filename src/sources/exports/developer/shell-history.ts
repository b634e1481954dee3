/** Histories of shells and of the prompts of databases and languages: each command is a record. */
import type { ExportReader, Probe, Recognition, RecordActor, RecordText } from '../contract.js';
import { decodeHead } from '../decode-text.js';
import { baseName, folderPlace, RecordIds } from '../generic/file-place.js';
import { readLines } from '../text-lines.js';
import { fromEpoch, recordTime } from '../times.js';
import { type Command, CommandLines, type HistoryForm, historyFormOf, unmetafied } from './history-forms.js';

export const shellHistory: ExportReader = {
  id: 'shell-history',
  system: 'shell-history',
  label: 'Shell history',
  most: 0.95,
  isNeverJson: true,
  recognise,
  async read(file, sink) {
    const form = historyFormOf(decodeHead(file.head)) ?? formByName(baseName(file));
    const place = folderPlace(file);
    const ids = new RecordIds(file);
    const actor = userOf(file.fullName ?? file.name);
    const commands = new CommandLines(form, (command) => {
      const { time, line, start, end } = command;
      const when = recordTime(time === undefined ? undefined : fromEpoch(time, 's'));
      sink.record({
        place,
        type: 'event',
        id: ids.next(time === undefined ? `L${line}` : String(time)),
        ...(actor === undefined ? {} : { actor }),
        ...(when === undefined ? {} : { time: when }),
        revision: { state: 'current' },
        texts: textsOf(command),
        raw: { start, end, line },
      });
    });
    for await (const lines of readLines(file, form === 'zsh' ? { fallback: unmetafied } : {})) {
      for (const line of lines) commands.add(line);
      if (sink.aborted) return;
      await sink.drained();
    }
    commands.end();
  },
};

function textsOf({ text, paths }: Command): RecordText[] {
  const command: RecordText = { text, dialect: 'code', field: { path: 'command', role: 'code' } };
  return [
    command,
    ...paths.map(
      (path): RecordText => ({ text: path, dialect: 'plain', field: { path: 'paths', role: 'metadata' } }),
    ),
  ];
}

const historyName =
  /^\.?_?(?:(?:bash|zsh|sh|ksh|ash|fish|psql|mysql|mariadb|sqlite|python|node_repl|irb|redis\w*|mongo\w*|ipython|rediscli|dbshell)_?history|zhistory|histfile|sh_history|consolehost_history\.txt|dbshell)(?:[._-][\w.-]{0,20})?$/i;

function formByName(base: string): HistoryForm {
  return /^consolehost_history/i.test(base) ? 'powershell' : 'plain';
}

function recognise(probe: Probe): Recognition | undefined {
  const { text } = probe;
  if (text.startsWith('#!') || text.includes('\0') || probe.json !== undefined) return undefined;
  const form = historyFormOf(text);
  if (form !== undefined)
    return { score: form === 'stamped' ? 0.88 : 0.95, reason: `lines of a ${form} history` };
  if (historyName.test(baseName(probe)) && text.trim() !== '')
    return { score: 0.9, reason: 'name of a history file' };
  return looksTyped(text) ? { score: 0.4, reason: 'lines that begin with commands' } : undefined;
}

/** First words of what people type. */
const commandWords = new Set(
  (
    'ls cd git sudo docker kubectl curl wget ssh scp cat less tail head grep vim vi nano npm yarn pnpm node python python3 ' +
    'pip pip3 make cp mv rm mkdir rmdir chmod chown echo export source ps kill top htop df du apt apt-get yum brew ' +
    'systemctl journalctl service terraform ansible ansible-playbook helm aws gcloud az psql mysql redis-cli mongo ' +
    'history clear exit pwd which man find tar zip unzip gzip ping nslookup dig ifconfig ip netstat ss open code cargo go ' +
    'java mvn gradle rsync ln touch diff sed awk sort env printenv alias unset su whoami date reboot docker-compose'
  ).split(' '),
);
const leastTyped = 15;

/** Unlike a script, a history has no comments, no indentation, no blank lines, and comes back to the same commands. */
function looksTyped(text: string): boolean {
  const lines = text.split(/\r?\n/, 400);
  if (lines.at(-1) === '') lines.pop();
  if (lines.length < leastTyped) return false;
  if (lines.some((line) => line === '' || /^[\s#]/.test(line))) return false;
  const words = lines.map((line) => line.split(/[\s;|&]/, 1)[0] ?? '');
  const known = words.filter((word) => commandWords.has(word)).length;
  return known * 10 >= lines.length * 8 && new Set(words).size < lines.length;
}

/** The user whose home the file lies in. */
function userOf(name: string): RecordActor | undefined {
  const path = `/${name.replaceAll('\\', '/')}`;
  const user =
    /\/(?:home|Users)\/([^/]{1,64})\//.exec(path)?.[1] ?? (/\/root\//.test(path) ? 'root' : undefined);
  return user === undefined ? undefined : { id: user, name: user };
}
