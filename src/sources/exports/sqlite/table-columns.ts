/** Names of a table's columns, by the statement that made it. */

export interface TableColumns {
  /** Names in the order in which rows hold their values. */
  readonly stored: readonly string[];
  /** Place in `stored` of the column that is the row's number: rows hold nothing there. */
  readonly rowNumber: number | undefined;
}

/** Words, names in quotes, and signs; what is left out is space and comments. */
const token =
  /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|"(?:[^"]|"")*"|'(?:[^']|'')*'|`(?:[^`]|``)*`|\[[^\]]*\]|[^\s"'`[\](),;]+|[(),;[\]"'`]/g;
const maxStatement = 1_000_000;

const constraint = /^(?:constraint|primary|unique|check|foreign)$/i;

interface Column {
  readonly name: string;
  /** What follows the name, words in lower case. */
  readonly rest: string;
}

export function tableColumns(statement: string): TableColumns {
  const columns: Column[] = [];
  let keyed: readonly string[] = [];
  for (const part of partsOf(statement.slice(0, maxStatement))) {
    const [first = '', ...others] = part;
    if (constraint.test(first)) {
      const at = part.findIndex((word) => /^key$/i.test(word));
      if (at >= 0 && part.some((word) => /^primary$/i.test(word))) keyed = part.slice(at + 1).map(nameOf);
      continue;
    }
    columns.push({ name: nameOf(first), rest: others.join(' ').toLowerCase() });
  }
  // Values that are computed when they are asked for are stored nowhere.
  const stored = columns.filter(({ rest }) => !/\bas \(/.test(rest) || /\bstored$/.test(rest));
  if (/\bwithout\s+rowid\b[^()]*$/i.test(statement.slice(-200))) {
    const isKey = ({ name, rest }: Column): boolean =>
      / primary key\b/.test(` ${rest}`) || keyed.includes(name);
    return {
      stored: [...stored.filter(isKey), ...stored.filter((one) => !isKey(one))].map(({ name }) => name),
      rowNumber: undefined,
    };
  }
  const number = stored.findIndex(
    ({ name, rest }) =>
      /^integer(?: not null)? primary key(?! desc)/.test(rest) ||
      (rest.startsWith('integer') && keyed[1] === name && keyed[2] === ')'),
  );
  return { stored: stored.map(({ name }) => name), rowNumber: number < 0 ? undefined : number };
}

/** Words of each column or constraint within the outermost brackets. */
function partsOf(statement: string): string[][] {
  const parts: string[][] = [];
  let part: string[] = [];
  let depth = 0;
  for (const [word] of statement.matchAll(token)) {
    if (word.startsWith('--') || word.startsWith('/*')) continue;
    if (word === ')') depth--;
    if ((depth === 0 && word === ')') || (depth === 1 && word === ',')) {
      if (part.length > 0) parts.push(part);
      part = [];
      if (depth === 0) break;
    } else if (depth > 0) part.push(word);
    if (word === '(') depth++;
  }
  return parts;
}

function nameOf(word: string): string {
  const quote = word[0] ?? '';
  if (quote === '[') return word.slice(1, -1);
  if (word.length < 2 || !'"\'`'.includes(quote)) return word;
  return word.slice(1, -1).replaceAll(quote + quote, quote);
}
