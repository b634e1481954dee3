/**
 * Detector `idiom`: commands and calls that take a password at a fixed place without naming it, as
 * `redis-cli -a x`, `mysqli_connect(host, user, "x")` or `user:x@tcp(host)`.
 *
 * Every pattern is sticky and begins with its keyword, so that one hit costs one bounded walk.
 */
import { SecretValue } from '../model/secret-value.js';
import type { CompiledRule } from '../rules/rule-set.js';
import { judgeAssigned } from './assigned-value.js';
import { type Draft, lowerOf } from './draft.js';

/** Bytes from the keyword on that are looked at. */
const reach = 400;

/** A bare or quoted shell word that is no reference; the capture is the value. */
const word = /["']?(?<value>[^\s"'`$<>{}|;-][^\s"'`$<>{}|;]{3,80})(?=$|[\s"'`|;)])/.source;
/** A literal of code. */
const literal = /[bu]?["'](?<value>[^"'\n${}<]{4,128})["']/.source;
const argument = /(?:["'][^"'\n]{0,160}["']|[\w$.>-]{1,60}|\{[^{}\n]{0,120}\})/.source;

function sticky(...parts: readonly string[]): RegExp {
  return new RegExp(parts.join(''), 'idy');
}

/** Options of one command: the first of `options` that stands on the rest of the line, its value behind it. */
function option(...options: readonly string[]): RegExp {
  return sticky(`[^\\n]{0,160}?\\s(?:${options.join('|')})[ =]{1,3}`, word);
}

const argumentsBefore = (count: number): string =>
  `\\s{0,12}${`${argument}\\s{0,3},\\s{0,20}`.repeat(count)}`;
const thirdOfCall = sticky('[^\\s()]{0,24}\\(', argumentsBefore(2), literal);
const secondOfOpenCall = sticky(argumentsBefore(1), literal);

/** `creds: svc / x`, `user/pass: svc:x`: two words of running text, of which the second must look like a password. */
const spoken = sticky('["\'`*]{0,3}[ :=]{1,4}["\'`]?[\\w.@-]{2,60}["\'`]?\\s{0,2}[/:|]\\s{0,2}["\'`]?', word);
export const spokenIdioms: ReadonlyMap<string, RegExp> = new Map(
  ['creds:', 'credentials:', 'user/pass', 'username/password', 'login/password', 'user/password'].map(
    (keyword) => [
      keyword,
      keyword.endsWith(':')
        ? sticky('\\s{0,2}["\'`]?[\\w.@-]{2,60}["\'`]?\\s{0,2}[/:|]\\s{0,2}["\'`]?', word)
        : spoken,
    ],
  ),
);

/** What stands behind each keyword, in lower case as the rule file has it. */
export const idioms: ReadonlyMap<string, RegExp> = new Map([
  [
    'curl ',
    sticky(
      '(?:[^\\n\\\\]|\\\\[^]){0,300}?(?:[ \\t]|\\\\\\r?\\n)(?:-u|--user)[ =]?["\']?[\\w.@+-]{1,80}:',
      word,
    ),
  ],
  ['redis-cli ', option('-a', '--pass')],
  ['sqlcmd ', option('-P')],
  ['osql ', option('-P')],
  ['ldapsearch ', option('-w')],
  ['ldapmodify ', option('-w')],
  ['ldapadd ', option('-w')],
  ['ldapwhoami ', option('-w')],
  ['ldappasswd ', option('-w')],
  ['mongo ', option('-p')],
  ['mongosh ', option('-p')],
  ['mongodump ', option('-p')],
  ['mongorestore ', option('-p')],
  ['docker login ', option('-p')],
  ['podman login ', option('-p')],
  ['registry login ', option('-p')],
  ['az login ', option('-p')],
  ['cqlsh ', option('-p')],
  ['rabbitmqctl ', sticky('(?:add_user|change_password)\\s{1,3}\\S{1,60}\\s{1,3}', word)],
  ['ipmitool ', option('-P')],
  ['mosquitto_pub ', option('-P')],
  ['mosquitto_sub ', option('-P')],
  ['unzip -p ', sticky(word)],
  ['smbclient ', sticky('[^\\n]{0,120}?\\s-U\\s{0,3}["\']?[^\\s%"\']{1,60}%', word)],
  ['lftp ', sticky('[^\\n]{0,60}?-u\\s{1,3}["\']?[^\\s"\',]{1,60},', word)],
  ['net use ', sticky('[^\\n]{0,120}?/user:\\S{1,80}\\s{1,3}', word)],
  ['net user ', sticky('[^\\s/]{1,60}\\s{1,3}', word, '["\']?\\s{1,3}/')],
  ['cmdkey ', sticky('[^\\n]{0,120}?/pass:', word)],
  ['schtasks ', sticky('[^\\n]{0,200}?/rp\\s{1,3}', word)],
  ['-passin pass:', sticky(word)],
  ['-passout pass:', sticky(word)],
  ['-pass pass:', sticky(word)],
  ['-storepass ', sticky(word)],
  ['-keypass ', sticky(word)],
  ['7z a -p', sticky(word)],
  [
    'sqlplus ',
    sticky('(?:-\\w{1,2}\\s{1,3}){0,3}["\']?[\\w$#]{1,60}/["\']?(?<value>[^\\s"\'`$<>{}/@]{3,80})["\']?@'),
  ],
  ['jdbc:oracle:thin:', sticky('[\\w$#]{1,60}/["\']?(?<value>[^\\s"\'`$<>{}/@]{3,80})["\']?@')],
  ['getconnection(', sticky(argumentsBefore(2), literal)],
  ['mysqli_connect(', sticky(argumentsBefore(2), literal)],
  ['mysql_connect(', sticky(argumentsBefore(2), literal)],
  ['mysql_pconnect(', sticky(argumentsBefore(2), literal)],
  ['ftp_login(', sticky(argumentsBefore(2), literal)],
  ['odbc_connect(', sticky(argumentsBefore(2), literal)],
  ['oci_connect(', secondOfOpenCall],
  ['new mysqli', thirdOfCall],
  ['new pdo', thirdOfCall],
  ['mysqldb.connect', thirdOfCall],
  ['pymysql.connect', thirdOfCall],
  ['.login(', sticky(argumentsBefore(1), literal, '\\s{0,4}\\)')],
  ['credentials.basic(', secondOfOpenCall],
  ['setbasicauth(', secondOfOpenCall],
  ['auth=(', sticky(argumentsBefore(1), literal, '\\s{0,4}\\)')],
  ['auth = (', sticky(argumentsBefore(1), literal, '\\s{0,4}\\)')],
  ['passwordauthentication(', secondOfOpenCall],
  ['usernamepasswordtoken(', secondOfOpenCall],
  ['usernamepasswordcredentials(', secondOfOpenCall],
  ['usernamepasswordauthenticationtoken(', secondOfOpenCall],
  ['jwt.sign(', secondOfOpenCall],
  ['jwt.verify(', secondOfOpenCall],
  ['jwt.encode(', secondOfOpenCall],
  ['jwt.decode(', secondOfOpenCall],
  ['createhmac(', secondOfOpenCall],
  ['hash_hmac(', thirdOfCall],
  ['psexec ', option('-p')],
  ['identified by ', sticky('"?(?<value>[A-Za-z][^\\s"\'`$<>{}(),;&]{3,60})(?="?\\s{0,3}(?:;|\\n|$))')],
]);

/** `user:password@tcp(host)` of Go's MySQL driver: the keyword stands behind the value. */
const goDsn = /[\w.-]{1,60}:(?<value>[^\s"'`$<>{}@]{3,80})$/d;
export const trailingIdioms: ReadonlyMap<string, RegExp> = new Map([
  ['@tcp(', goDsn],
  ['@unix(', goDsn],
  [
    '| chpasswd',
    /echo\s{1,3}(?:-[ne]\s{1,3})?["']?[\w.-]{1,40}:(?<value>[^\s"'`$<>{}|;]{4,80})["']?\s{0,3}(?:\|\s{0,3}sudo\s{0,3})?$/d,
  ],
  ['| sudo -s', /echo\s{1,3}(?:-[ne]\s{1,3})?["']?(?<value>[^\s"'`$<>{}|;]{4,80})["']?\s{0,3}$/d],
]);

function spanOf(match: RegExpExecArray | null): readonly [number, number] | undefined {
  return match?.indices?.groups?.['value'];
}

function valueSpan(bytes: Buffer, hitStart: number, hitEnd: number): readonly [number, number] | undefined {
  const keyword = bytes.toString('latin1', hitStart, hitEnd).toLowerCase();
  const forward = idioms.get(keyword) ?? spokenIdioms.get(keyword);
  if (forward !== undefined) {
    forward.lastIndex = 0;
    const span = spanOf(forward.exec(bytes.toString('latin1', hitEnd, hitEnd + reach)));
    return span === undefined ? undefined : [hitEnd + span[0], hitEnd + span[1]];
  }
  const from = Math.max(0, hitStart - 160);
  const span = spanOf(trailingIdioms.get(keyword)?.exec(bytes.toString('latin1', from, hitStart)) ?? null);
  return span === undefined ? undefined : [from + span[0], from + span[1]];
}

/** The draft for the command or call that the keyword names. */
export function detectIdiom(
  rule: CompiledRule,
  bytes: Buffer,
  hitStart: number,
  hitEnd: number,
): Draft | undefined {
  const span = valueSpan(bytes, hitStart, hitEnd);
  if (span === undefined) return undefined;
  const [start, end] = span;
  const isSpoken = spokenIdioms.has(bytes.toString('latin1', hitStart, hitEnd).toLowerCase());
  const value = Buffer.from(bytes.subarray(start, end));
  const verdict = judgeAssigned({
    name: '',
    weight: 'password',
    text: value.toString('utf8'),
    form: isSpoken ? 'prose' : 'quoted',
    isQuoted: !isSpoken,
    isTight: true,
    hasUser: true,
    isSetting: !isSpoken,
  });
  if (verdict === undefined) return undefined;
  return {
    rule,
    value: new SecretValue(value),
    start,
    end,
    layers: [],
    confidence: lowerOf(verdict.confidence, rule.confidence),
    reasons: ['idiom', ...verdict.reasons],
  };
}
