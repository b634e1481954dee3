/**
 * Turns the short forms of rule files, `token` and `named`, into patterns.
 *
 * Both exist so that 600 rules share one way of bordering a value and one way of asking for context; what
 * runs is the pattern alone.
 */
import type { Keyword } from './rule-set.js';
import type { Recognition } from './rule-source.js';

/** Alphabet that must not touch a value: `\b` is wrong where a body holds `-`, `+`, `/` or `=`. */
export const defaultBorder: string = 'A-Za-z0-9_';

/** A value without a telling shape counts only beside one of these (any ASCII case). */
export const secretWords: readonly string[] = [
  'key',
  'token',
  'secret',
  'pass',
  'pwd',
  'auth',
  'cred',
  'bearer',
];

/** Between a name and its secret word: name characters, nesting, quotes, parts of a URL. */
const gap = String.raw`[\w\s.:;,\-"'\x60\\{}\[\](/=>@?&$]{0,40}`;
/** Rest of the variable's name after the secret word. */
const nameTail = String.raw`[\w.\-]{0,20}`;
/** Between variable and value: quotes, brackets, operators, spaces, tag ends. */
const separator = String.raw`["'\x60\\\])}\s:=>,({\[|]{1,14}`;
/** `Authorization: Bearer VALUE` and the like. */
const scheme = '(?:[Bb]earer |[Bb]asic |[Tt]oken |[Kk]ey |[Ss]plunk |SSWS )?';
/** Between a name and a value that has a prefix of its own. */
const looseGap = String.raw`[^\x00]{0,60}`;

function anyCase(text: string): string {
  return [...text]
    .map((char) => (/[a-z]/i.test(char) ? `[${char.toUpperCase()}${char.toLowerCase()}]` : escaped(char)))
    .join('');
}

function escaped(char: string): string {
  return /[\^$\\.*+?()[\]{}|/-]/.test(char) ? `\\${char}` : char;
}

/** A space in a name stands for one of these or nothing: `slack signing` is `slackSigning`, `SLACK_SIGNING`, ... */
const joints = ['', '_', '-', '.', ' '];

function namePattern(name: string): string {
  const body = name
    .split(' ')
    .map((part) => anyCase(part))
    .join('[_\\-. ]?');
  // Short names are parts of words; a letter before them speaks against the provider.
  return name.length <= 5 ? `(?<![A-Za-z])${body}` : body;
}

/** `=` after a value is padding, but before a value it is an assignment. */
function leftBorder(border: string): string {
  return border.replace('=', '');
}

/** The literals of which one stands in every match of a `named` rule. */
export function nameKeywords(names: readonly string[]): Keyword[] {
  const spelled = names.flatMap((name) =>
    name
      .split(' ')
      .reduce<string[]>(
        (heads, part, index) =>
          index === 0 ? [part] : heads.flatMap((head) => joints.map((joint) => head + joint + part)),
        [],
      ),
  );
  return [...new Set(spelled)].map((text) => ({ text: text.toLowerCase(), caseSensitive: false }));
}

function named(recognition: Extract<Recognition, { by: 'named' }>): string {
  const { names, words, value, border } = recognition;
  const name = names.length === 1 ? namePattern(names[0] ?? '') : `(?:${names.map(namePattern).join('|')})`;
  const token = `(${value})(?![${border}])`;
  if (words.length === 0) return `${name}${looseGap}(?<![${leftBorder(border)}])${token}`;
  const word = `(?:${words.map(anyCase).join('|')})`;
  return `${name}${gap}${word}${nameTail}${separator}${scheme}${token}`;
}

/** Pattern of a rule; undefined for a detector that is code. */
export function patternOf(recognition: Recognition): { source: string; ignoreCase: boolean } | undefined {
  switch (recognition.by) {
    case 'pattern':
      return { source: recognition.pattern, ignoreCase: recognition.ignoreCase };
    case 'token':
      return {
        source: `(?<![${leftBorder(recognition.border)}])(${recognition.token})(?![${recognition.border}])`,
        ignoreCase: false,
      };
    case 'named':
      return { source: named(recognition), ignoreCase: false };
    case 'detector':
      return undefined;
    default:
      throw new TypeError(recognition satisfies never);
  }
}
