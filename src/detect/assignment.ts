/** Detector `assignment`: a value given to a name that says secret. */
import { SecretValue } from '../model/secret-value.js';
import type { CompiledRule } from '../rules/rule-set.js';
import { undoEntities, undoJsonEscapes, undoPercent } from '../text/escapes.js';
import { accountNear, accountReach } from './account.js';
import {
  isKeyOfSearchBox,
  isOfSignedRequest,
  isShownOutput,
  saysDigest,
  saysEncrypted,
} from './assigned-around.js';
import { comparingTail } from './assigned-beside.js';
import type { Assignment, NameSpan } from './assigned-form.js';
import { hasLeadWord } from './assigned-lead.js';
import { mostTrailing } from './assigned-pair.js';
import { judgeAssigned } from './assigned-value.js';
import { nameAround, readAssignment } from './assignment-syntax.js';
import { isBlank, isLetter, isName, isNewline, isQuote, lineStart, skipBlanks } from './byte-class.js';
import { reachBehind } from './detector-reach.js';
import { type Draft, lowerOf } from './draft.js';
import { drawnToLineEnd } from './drawn-line.js';
import { skipSpace } from './literal.js';
import { templateDefault, type ValueWithin } from './placeholder.js';
import { isQuietText, type JudgedText } from './quiet-assignments.js';
import { looksComposite, looksRandom } from './randomness.js';
import { type NameWeight, nameWeightOf } from './slot-name.js';
import { shapeOf } from './value-shape.js';

const mostCachedNames = 8192;
const weights = new Map<string, NameWeight>();

/** Names recur by the thousand; cutting them into words is what costs. */
function cachedWeight(name: string): NameWeight {
  const known = weights.get(name);
  if (known !== undefined) return known;
  const weight = nameWeightOf(name);
  if (weights.size >= mostCachedNames) weights.clear();
  weights.set(name, weight);
  return weight;
}

/**
 * What may stand between the start of a line and a name whose value is bare: comment marks, list marks,
 * shell words, other assignments. In running code a bare word is another variable.
 */
const settingHead =
  /^\s*(?:(?:#|\/\/|;|--|\*|-|>|\||REM\b|export\b|set\b|setx\b|env\b|ENV\b|ARG\b|declare -x\b|local\b|readonly\b|sudo\b|run\b|RUN\b|\$env:|\$|"|'|&&|-e|--env|--build-arg|-D|[A-Z][A-Z0-9_]*=\S*)\s*)*$/i;

/** `setPassword`, `withToken`: what the call sets; a call that asks (`getPassword`, `checkToken`) sets nothing. */
function setterTarget(name: string): string {
  const call = name.slice(name.lastIndexOf('.') + 1);
  if (/^(?:set|with|put|add|use|and)[A-Z_]/.test(call)) return call;
  return /^[a-z]+[A-Z_]/.test(call) &&
    !/^(?:db|user|api|client|app|access|auth|my|admin|root|secret|private|pass|bearer|refresh|id|jwt|key|store|trust|aws|master)/i.test(
      call,
    )
    ? ''
    : call;
}

/** `docker run -e DB_PASSWORD=x`, `heroku config:set API_KEY=x`: a word of a command, in capitals, with no blank in it. */
function isEnvironmentWord(bytes: Buffer, { nameStart, nameEnd, operator, isTight }: Assignment): boolean {
  return (
    isTight &&
    operator === 0x3d &&
    isBlank(bytes[nameStart - 1]) &&
    /^[A-Z][A-Z0-9_]{4,}$/.test(bytes.toString('latin1', nameStart, nameEnd))
  );
}

/** `"password=x"`, `'token: x'`: a string that is a name and its value and nothing else. */
function isWholeText(bytes: Buffer, { nameStart, valueEnd, operator, form }: Assignment): boolean {
  const quote = bytes[nameStart - 1];
  return form === 'bare' && operator !== 0 && isQuote(quote) && bytes[valueEnd] === quote;
}

/** `--from-literal=password=x`, `--set auth.password=x`, `-o user=a,password=x`: a setting that an option of a command takes. */
const optionHead =
  /(?:^|[\s"'])--?(?:from-literal|set|set-string|env|build-arg|var|secret|param|config|define|[eDPo])[ =]?["']?(?:[\w.-]{1,40}=[^\s,]{0,60},){0,4}$/;

function isOptionValue(bytes: Buffer, { nameStart, operator, isTight }: Assignment): boolean {
  return (
    isTight &&
    operator === 0x3d &&
    optionHead.test(bytes.toString('latin1', lineStart(bytes, nameStart, 160), nameStart))
  );
}

function isSettingLine(bytes: Buffer, assignment: Assignment): boolean {
  if (assignment.form === 'prose' || assignment.form === 'juxtaposed' || assignment.form === 'markup')
    return false;
  if (assignment.form === 'query' || assignment.form === 'flag' || assignment.form === 'pair') return true;
  const before = bytes[assignment.nameStart - 1];
  if (before === undefined || isNewline(before)) return true;
  if (
    before === 0x3b ||
    // `$password = word;`: a variable would have its sign, so that this is a text without quotes.
    (bytes[assignment.nameStart] === 0x24 && bytes[assignment.valueEnd] === 0x3b) ||
    // `$settings[password] = word;`
    (before === 0x5b && bytes[assignment.valueEnd] === 0x3b) ||
    (isQuote(before) && isQuote(bytes[assignment.nameEnd]) === false && bytes[assignment.valueEnd] === 0x3b)
  )
    return true;
  if (isEnvironmentWord(bytes, assignment) || isWholeText(bytes, assignment)) return true;
  if (isOptionValue(bytes, assignment)) return true;
  const from = lineStart(bytes, assignment.nameStart, 120);
  return settingHead.test(bytes.toString('latin1', from, assignment.nameStart));
}

/** A bare value must end its line, or a comment or another setting must follow. */
function endsSetting(bytes: Buffer, assignment: Assignment): boolean {
  if (assignment.form === 'query' || assignment.form === 'flag' || assignment.form === 'xml-text')
    return true;
  let i = assignment.valueEnd;
  while (isBlank(bytes[i])) i++;
  const next = bytes[i];
  if (
    next === undefined ||
    isNewline(next) ||
    next === 0x23 ||
    next === 0x3b ||
    next === 0x5c ||
    next === 0x3c
  )
    return true;
  if (
    next === 0x2f ||
    next === 0x26 ||
    next === 0x7c ||
    next === 0x2c ||
    next === 0x22 ||
    next === 0x27 ||
    next === 0x7d ||
    next === 0x60
  )
    return true;
  if (next === 0x29 || next === 0x5d || next === 0x2d) return true;
  // `A=x B=y cmd`, `login a password b`: more words, of which a bare operator would make it code.
  return i > assignment.valueEnd && assignment.isTight && (isLetter(next) || isName(next));
}

interface Unescaped {
  readonly bytes: Buffer;
  readonly isChanged: boolean;
  readonly spelling: 'json-escaped' | 'shell-escaped' | 'xml-escaped' | 'percent' | 'split-over-leaves';
}

function unescaped(bytes: Buffer, assignment: Assignment): Unescaped {
  const written = bytes.subarray(assignment.valueStart, assignment.valueEnd);
  const isXml =
    assignment.form === 'xml-text' ||
    assignment.form === 'markup' ||
    (assignment.quote !== 0 && written.includes('&'));
  if (isXml) {
    const plain = undoEntities(written);
    if (plain !== undefined) return { bytes: plain.bytes, isChanged: true, spelling: 'xml-escaped' };
  }
  if (assignment.form === 'query' && written.includes(0x25)) {
    const plain = undoPercent(written);
    if (plain !== undefined) return { bytes: plain.bytes, isChanged: true, spelling: 'percent' };
  }
  if (assignment.quote === 0x27 && written.includes("''")) {
    const single = Buffer.from(written.toString('latin1').replaceAll("''", "'"), 'latin1');
    return { bytes: single, isChanged: true, spelling: 'json-escaped' };
  }
  if (assignment.quote !== 0 && written.includes(0x5c)) {
    const plain = undoJsonEscapes(written);
    if (plain !== undefined) return { bytes: plain.bytes, isChanged: true, spelling: 'json-escaped' };
  }
  return { bytes: written, isChanged: false, spelling: 'json-escaped' };
}

const shellHead = /^\s*(?:(?:export|local|readonly|declare -x|env|ENV|RUN|set)\s+)?$/;
/** Parts of a shell word: `"abc""def"`, `'abc'"def"`, `abc"def"`. No two bare ones side by side: that would be tried in every division. */
const shellParts =
  /^(?:"[^"\\$`\n]{1,128}"|'[^'\n]{1,128}'|[\w.+/=@%~^-]{1,128}(?![\w.+/=@%~^-])){1,8}(?=[\s;&|)]|$)/;
const mostShellBytes = 300;

/** Quotes that a shell takes off: the parts of a word joined, and where the last of them ends. */
function shellWord(bytes: Buffer, assignment: Assignment): { bytes: Buffer; end: number } | undefined {
  const { valueStart, valueEnd, quote, operator, isTight, nameStart } = assignment;
  const next = bytes[quote === 0 ? valueEnd : valueEnd + 1];
  if (operator !== 0x3d || !isTight || !(isQuote(next) || (quote !== 0 && isName(next)))) return undefined;
  const from = lineStart(bytes, nameStart, 120);
  if (!shellHead.test(bytes.toString('latin1', from, nameStart))) return undefined;
  const start = quote === 0 ? valueStart : valueStart - 1;
  const word = shellParts.exec(bytes.toString('latin1', start, start + mostShellBytes))?.[0];
  if (word === undefined || start + word.length <= valueEnd + 1) return undefined;
  const plain = word.replace(/"([^"]*)"|'([^']*)'/g, '$1$2');
  return { bytes: Buffer.from(plain, 'latin1'), end: start + word.length };
}

/** Literals joined by an operator of some language: `"abc" + 'def'`, `"abc" . "def"`, over lines too. */
const joinedLiterals =
  /^(["'])((?:(?!\1)[^\\\n$]){1,200})\1(?:\s{0,40}(?:\+|\.{1,2}|&|~|<>)\s{0,40}(["'])((?:(?!\3)[^\\\n$]){1,200})\3){1,8}(?!\s{0,40}[+.&~<])/;
const literalPart = /(["'])((?:(?!\1)[^\\\n$]){1,200})\1/g;
const mostJoinedBytes = 480;

/** A value that its source divides, put together, and where it ends; undefined when a part is computed. */
function joinedValue(bytes: Buffer, assignment: Assignment): { bytes: Buffer; end: number } | undefined {
  const { quote, valueStart, valueEnd, form } = assignment;
  if ((quote !== 0x22 && quote !== 0x27) || (form !== 'quoted' && form !== 'argument')) return undefined;
  const sign = bytes[skipSpace(bytes, valueEnd + 1, 40)];
  if (sign !== 0x2b && sign !== 0x2e && sign !== 0x26 && sign !== 0x7e && sign !== 0x3c) return undefined;
  const text = joinedLiterals.exec(
    bytes.toString('latin1', valueStart - 1, valueStart + mostJoinedBytes),
  )?.[0];
  if (text === undefined) return undefined;
  const parts = [...text.matchAll(literalPart)].map((match) => match[2] ?? '');
  return { bytes: Buffer.from(parts.join(''), 'latin1'), end: valueStart - 2 + text.length };
}

function startsBare(byte: number | undefined, form: Assignment['form']): boolean {
  if (form === 'xml-text') return byte !== 0x3c;
  // `(`, `[`, `{`, `<`, `|`, `>`: syntax, templates, block scalars.
  return (
    byte !== 0x28 &&
    byte !== 0x5b &&
    byte !== 0x7b &&
    byte !== 0x3c &&
    byte !== 0x7c &&
    byte !== 0x3e &&
    byte !== 0x2c
  );
}

/** `user/pass: svc/x`: both stand behind both names (idiom.ts). */
function isPairOfWords(bytes: Buffer, { nameStart, valueStart, valueEnd }: Assignment): boolean {
  if (bytes[nameStart - 1] !== 0x2f || !isLetter(bytes[nameStart - 2])) return false;
  const value = bytes.subarray(valueStart, valueEnd);
  return value.includes(0x2f) || value.includes(0x3a);
}

/**
 * The locality contract: a value on a later line ends where the blocks of its document still look for what
 * may decide about the name (detector-reach.ts).
 */
function isWithinReach(bytes: Buffer, { nameEnd, valueEnd }: Assignment): boolean {
  const newline = bytes.subarray(nameEnd, valueEnd).indexOf(0x0a);
  if (newline < 0) return true;
  // Whether a value ends its line is asked behind the blanks that follow it.
  if (skipBlanks(bytes, valueEnd) - valueEnd > mostTrailing) return false;
  return Math.min(bytes.length, valueEnd + accountReach) <= reachBehind(bytes, nameEnd + newline + 1);
}

/** "Pass `name` to it", "la palabra clave 'super'": words of which only some sentences are about a secret. */
function isPhrase({ form, quote }: Assignment, slot: string): boolean {
  if (form === 'juxtaposed') return quote === 0x60 || /^(?:pass|clave|parola|key)$/i.test(slot);
  return form === 'prose' && /^pass$/i.test(slot);
}

/** `--- PASS: TestName (0.1s)` of Go, `tests pass: yes`: how a test went. */
function isTestReport(bytes: Buffer, { nameStart, operator }: Assignment, slot: string): boolean {
  if (operator !== 0x3a || !/^pass$/i.test(slot)) return false;
  const before = bytes.toString('latin1', Math.max(0, nameStart - 6), nameStart);
  return /(?:^|\s)(?:-{2,3}|tests?) $/.test(before);
}

/** The name without what shells and command lines put before it. */
function slotOf(bytes: Buffer, start: number, end: number): string {
  return bytes.toString('utf8', start, end).replace(/^(?:-D(?=[A-Za-z])|[-.$]+)/, '');
}

/** Most words that hold a trigger name no secret, whatever is assigned to them; of a comparing call only a part is the name. */
function isHarmlessName(bytes: Buffer, name: NameSpan): boolean {
  const slot = slotOf(bytes, name.start, name.end);
  if (cachedWeight(slot) !== 'none' || comparingTail(bytes, name) > 0) return false;
  return cachedWeight(setterTarget(slot)) === 'none';
}

/** The draft for the trigger at `[hitStart, hitEnd)`; undefined when nothing is assigned there. */
export function detectAssignment(
  rule: CompiledRule,
  bytes: Buffer,
  hitStart: number,
  hitEnd: number,
): Draft | undefined {
  const name = nameAround(bytes, hitStart, hitEnd);
  if (name === undefined || isHarmlessName(bytes, name)) return undefined;
  const read = readAssignment(bytes, name);
  const isBegun = read !== undefined && (read.quote !== 0 || startsBare(bytes[read.valueStart], read.form));
  const assignment = drawnToLineEnd(bytes, name, isBegun ? read : undefined) ?? (isBegun ? read : undefined);
  if (assignment === undefined || !isWithinReach(bytes, assignment)) return undefined;
  const isQuoted = assignment.quote !== 0;
  if (!isQuoted && isPairOfWords(bytes, assignment)) return undefined;
  const slot = slotOf(bytes, assignment.nameStart, assignment.nameEnd);
  const weight = cachedWeight(assignment.form === 'call' ? setterTarget(slot) : slot);
  if (weight === 'none' || isTestReport(bytes, assignment, slot)) return undefined;
  // Backticks quote commands in shells; as strings of JavaScript they hold no blanks when they are a secret.
  if (assignment.quote === 0x60 && bytes.subarray(assignment.valueStart, assignment.valueEnd).includes(0x20))
    return undefined;
  const isSetting =
    (isQuoted && !isPhrase(assignment, slot)) ||
    assignment.form === 'xml-text' ||
    (isSettingLine(bytes, assignment) && endsSetting(bytes, assignment));
  return judged(rule, bytes, assignment, slot, weight, isSetting);
}

/** A line's end, before which a comment may stand. */
function endsLine(bytes: Buffer, at: number): boolean {
  const next = bytes[at];
  if (next === undefined || isNewline(next)) return true;
  let i = at;
  while (isBlank(bytes[i])) i++;
  return i > at && (isNewline(bytes[i]) || (bytes[i] === 0x23 && isBlank(bytes[i + 1])));
}

/**
 * `password: word` to the line's end, or the whole text of an element or pair; `password = word` and
 * `password word` where they are the whole line.
 */
function isAlone(bytes: Buffer, { form, operator, nameStart, valueEnd, isTight }: Assignment): boolean {
  if (form === 'xml-text' || form === 'pair') return true;
  if (form !== 'bare' && form !== 'juxtaposed') return false;
  if (form === 'bare' && operator !== 0x3a && isTight) return false;
  if (!endsLine(bytes, valueEnd)) return false;
  if (form === 'bare' && operator === 0x3a) return true;
  const from = lineStart(bytes, nameStart, 40);
  return bytes.toString('latin1', from, nameStart).trim() === '';
}

/** `Bearer x`, `{vendor x}`, ` x`, `x `: a random word behind a few others, or amid blanks, within quotes or an element. */
function tokenBehindWords(text: string): ValueWithin | undefined {
  if (text.length < 16 || !/[\s\\]/.test(text)) return undefined;
  const match =
    /^\{?(?:[\w.:-]{1,32} +){1,3}(?=\S*\d)([\w+/=.:~%-]{16,400})\}?\s*$|^ +(\S{16,400})\s*$|^(\S{16,400})(?:\s|\\[nrt])+$/.exec(
      text,
    );
  const token = match?.[1] ?? match?.[2] ?? match?.[3];
  const shape = token === undefined ? undefined : shapeOf(token);
  if (token === undefined || !(looksRandom(token) || looksComposite(token) || shape === 'uuid'))
    return undefined;
  if (shape !== undefined && shape !== 'hex-hash' && shape !== 'uuid') return undefined;
  return { offset: text.lastIndexOf(token), text: token, why: 'behind-words' };
}

/** `the password is x`, and `Password: x (until Friday)`: a bare word behind a colon that more words follow. */
function isToldValue(bytes: Buffer, assignment: Assignment, isSetting: boolean): boolean {
  const { form, operator, isTight, quote, nameEnd, valueEnd } = assignment;
  if (form === 'prose') return operator === 0x3d;
  if (form !== 'bare' || operator !== 0x3a || isTight || quote !== 0 || isSetting) return false;
  if (bytes[nameEnd] !== 0x3a && bytes[nameEnd + 1] !== 0x3a && bytes[nameEnd] !== 0xef) return false;
  const next = bytes[valueEnd];
  if (next === undefined || isNewline(next)) return true;
  const behind = bytes[skipBlanks(bytes, valueEnd)];
  return (
    isBlank(next) &&
    (behind === 0x28 ||
      behind === 0x2f ||
      behind === undefined ||
      isLetter(behind) ||
      isNewline(behind) ||
      behind >= 0x80)
  );
}

function judged(
  rule: CompiledRule,
  bytes: Buffer,
  assignment: Assignment,
  slot: string,
  weight: NameWeight,
  isSetting: boolean,
): Draft | undefined {
  const isWhole = assignment.isWholeLine === true;
  const word = isWhole ? undefined : shellWord(bytes, assignment);
  const joined = isWhole ? undefined : (word ?? joinedValue(bytes, assignment));
  if (joined !== undefined && !isWithinReach(bytes, { ...assignment, valueEnd: joined.end }))
    return undefined;
  const value: Unescaped =
    joined === undefined
      ? unescaped(bytes, assignment)
      : {
          bytes: joined.bytes,
          isChanged: true,
          spelling: word === undefined ? 'split-over-leaves' : 'shell-escaped',
        };
  const text = value.bytes.toString('utf8');
  // `password=password=...`: names and signs without a value, told before anything round it is read.
  if (text.includes(`${slot}=`) || text.split(`${slot}:`, 3).length > 2) return undefined;
  const inner = value.isChanged ? templateDefault(text) : (templateDefault(text) ?? tokenBehindWords(text));
  const isTold = isToldValue(bytes, assignment, isSetting);
  const told: JudgedText = {
    name: slot,
    weight,
    text: inner?.text ?? text,
    form: isTold ? 'prose' : assignment.form,
    isTold,
    isQuoted: assignment.quote !== 0,
    isTight: assignment.isTight,
    isAlone: isAlone(bytes, assignment),
    isSetting,
  };
  if (isQuietText(told)) return undefined;
  const around = Math.max(0, assignment.nameStart - accountReach);
  const account =
    weight === 'password' || weight === 'weak'
      ? accountNear(
          bytes.toString('latin1', around, assignment.valueEnd + accountReach),
          assignment.nameStart - around,
        )
      : undefined;
  const verdict = judgeAssigned({
    ...told,
    hasUser: account !== undefined,
    isQualified: () => hasLeadWord(bytes, assignment.nameStart, assignment.valueEnd),
    isAnonymous: /^(?:anonymous|anon|ftp|guest)$/i.test(account ?? ''),
  });
  if (verdict === undefined || saysDigest(bytes, assignment.nameStart)) return undefined;
  const isDoubtful =
    inner?.why === 'template-default' ||
    isShownOutput(bytes, assignment) ||
    saysEncrypted(bytes, assignment.nameStart) ||
    isOfSignedRequest(bytes, assignment, slot) ||
    isKeyOfSearchBox(bytes, assignment, slot);
  const start = assignment.valueStart + (inner?.offset ?? 0);
  return {
    rule,
    value: new SecretValue(inner === undefined ? value.bytes : Buffer.from(inner.text, 'utf8')),
    start,
    end: inner === undefined ? (joined?.end ?? assignment.valueEnd) : start + Buffer.byteLength(inner.text),
    layers: value.isChanged ? [value.spelling] : [],
    confidence: lowerOf(isDoubtful ? 'low' : verdict.confidence, rule.confidence),
    reasons: inner === undefined ? verdict.reasons : [inner.why, ...verdict.reasons],
    slot,
    ...(account === undefined ? {} : { account }),
  };
}
