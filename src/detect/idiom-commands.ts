/** Command lines that take a secret at a fixed place without naming it. */
import { type Idiom, idiom, sticky, word } from './idiom-pattern.js';

/** Options of one command: the first of `options` that stands on the rest of the line, its value behind it. */
function option(...options: readonly string[]): Idiom {
  return idiom('password', sticky(`(?:[^\\n]{0,160}?\\s)?(?:${options.join('|')})[ =]{1,3}`, word));
}

const entries = (idiomOfAll: Idiom, ...keywords: readonly string[]): [string, Idiom][] =>
  keywords.map((keyword) => [keyword, idiomOfAll]);

const user = '["\']?(?<user>[\\w.@+%\\\\/-]{1,80})';
const here = idiom('password', sticky(word));
const userAndPercent = idiom('password', sticky(`(?:[^\\n]{0,120}?\\s)?-U\\s{0,3}${user}%`, word));
const archive = idiom('password', sticky('[axelt]\\s(?:[^\\n]{0,80}?\\s)?-p["\']?', word));
/** `-p'x'` of MySQL's programs; without quotes the rule's own pattern reads it. */
const mysql = idiom('password', sticky('(?:[^\\n]{0,160}?\\s)?-p["\'](?<value>[^"\'\\n$`]{4,80})["\']'));
const loginToken = idiom('secret', sticky('(?:-[\\w-]{1,20}[ =]\\S{1,60}\\s{1,2}){0,3}(?:token=)?', word));
/** The password of `-u user -p password` and `-U user -P password`, which most clients understand. */
const userThenPassword = idiom(
  'password',
  sticky(
    `${user}["']?(?=\\s)(?:(?!mkdir|[|;&])[^\\n]){0,120}?\\s(?:-p|-pw|--pass)[ =]{1,3}(?!["']?\\d{1,5}(?:[:/ ]|$))`,
    word,
  ),
);

/** By keyword, in lower case as the rule file has it; a keyword with capitals is exact. */
export const commandIdioms: ReadonlyMap<string, Idiom> = new Map([
  [
    'curl ',
    idiom(
      'password',
      sticky(
        '(?:[^\\n\\\\]|\\\\[^]){0,300}?(?:^|[ \\t]|\\\\\\r?\\n)(?:-u|--user|--proxy-user)[ =]{0,2}["\']?[\\w.@+-]{1,80}:',
        word,
      ),
    ),
  ],
  ...entries(
    idiom('password', sticky(`(?:[^\\n]{0,80}?\\s)??${user}:`, word)),
    'http -a ',
    'https -a ',
    'xh -a ',
  ),
  [' -u ', userThenPassword],
  // `["-u", "admin", "-p", "x"]`: a port or a path stands there as well.
  ...entries(
    { ...idiom('password', sticky('(?<value>[^"\'\\s$<>{}]{4,80})["\']')), isSpoken: true },
    ...['"-p", "', "'-p', '", '"-p","', "'-p','"],
  ),
  ...entries(option('-a', '--pass'), 'redis-cli '),
  ...entries(option('-P'), 'sqlcmd ', 'osql ', 'ipmitool ', 'mosquitto_pub ', 'mosquitto_sub '),
  ...entries(option('-w'), 'ldapsearch ', 'ldapmodify ', 'ldapadd ', 'ldapwhoami ', 'ldappasswd '),
  ...entries(option('-p'), 'mongo ', 'mongosh ', 'mongodump ', 'mongorestore ', 'cqlsh ', 'psexec '),
  ...entries(option('-p'), 'docker login ', 'podman login ', 'registry login ', 'oc login ', 'az login '),
  ...entries(option('-p', '--password'), 'useradd ', 'usermod ', 'adduser '),
  ...entries(option('-N'), 'ssh-keygen '),
  ...entries(option('-c', '-A', '-X'), 'snmpwalk ', 'snmpget ', 'snmpset '),
  ...entries(
    idiom(
      'password',
      sticky('(?:[^\\n]{0,200}?\\s)?(?:-k|-pass(?:in|out|word)?\\s["\']?pass:)[ =]{0,3}', word),
    ),
    'openssl ',
  ),
  ...entries(
    here,
    '-passin pass:',
    '-passout pass:',
    '-password pass:',
    '-pass pass:',
    '-storepass ',
    '-keypass ',
    'zip -P ',
  ),
  ...entries(archive, '7z ', '7za ', 'unrar '),
  ...entries(mysql, 'mysql ', 'mysqldump ', 'mysqladmin ', 'mysqlimport ', 'mariadb '),
  [
    'htpasswd ',
    idiom(
      'password',
      sticky('-\\w{0,3}b\\w{0,3}\\s(?:\\S{1,80}\\s{1,3}){1,2}', word, '["\']?\\s{0,3}(?:$|[\\n#;&|])'),
    ),
  ],
  ['rabbitmqctl ', idiom('password', sticky('(?:add_user|change_password)\\s{1,3}\\S{1,60}\\s{1,3}', word))],
  ['wpa_passphrase ', idiom('password', sticky('["\']?[^\\s"\']{1,40}["\']?\\s{1,3}', word))],
  ...entries(userAndPercent, 'smbclient ', 'winexe ', 'rpcclient ', 'smbmap '),
  ['lftp ', idiom('password', sticky('[^\\n]{0,60}?-u\\s{1,3}["\']?[^\\s"\',]{1,60},', word))],
  [
    'net use ',
    idiom(
      'password',
      sticky('[^\\n]{0,120}?/user:\\S{1,80}[ \\t]{1,3}', word),
      sticky('(?:\\S{1,60}[ \\t]{1,3}){1,2}', word, '["\']?[ \\t]{1,3}/user:'),
    ),
  ],
  ['net user ', idiom('password', sticky('[^\\s/]{1,60}\\s{1,3}', word, '["\']?\\s{1,3}/'))],
  ['cmdkey ', idiom('password', sticky('[^\\n]{0,120}?/pass:', word))],
  ...entries(idiom('password', sticky('(?:[^\\n]{0,160}?\\s)?/p:', word)), 'freerdp '),
  ['schtasks ', idiom('password', sticky('[^\\n]{0,200}?/rp\\s{1,3}', word))],
  ...entries(loginToken, 'vault login ', 'cargo login ', 'setapikey ', 'ngrok authtoken '),
  ['nuget push ', idiom('secret', sticky('[^\\n]{0,120}?\\s-k[ =]{1,2}', word))],
  ...entries(idiom('secret', sticky('[^\\n]{0,60}?<<<\\s{0,2}', word)), 'auth login'),
  ...entries(idiom('password', sticky('[^\\n<]{0,60}?<<<\\s{0,2}', word)), 'kinit '),
  [
    'sqlplus ',
    idiom(
      'password',
      sticky(
        '(?:-\\w{1,2}\\s{1,3}){0,3}["\']?(?<user>[\\w$#]{1,60})/["\']?(?<value>[^\\s"\'`$<>{}/@]{3,80})["\']?@',
      ),
    ),
  ],
  [
    'jdbc:oracle:thin:',
    idiom('password', sticky('(?<user>[\\w$#]{1,60})/["\']?(?<value>[^\\s"\'`$<>{}/@]{3,80})["\']?@')),
  ],
  [
    'identified by ',
    {
      ...idiom(
        'password',
        // Between quotes Oracle takes any sign.
        sticky('"(?<value>[^"\\s`<>{}]{4,60})"'),
        sticky(
          '"?(?<value>[A-Za-z][^\\s"\'`$<>{}(),;&]{3,60})(?="?\\s{0,3}(?:;|\\n|$|["\']|\\w{3,20}\\s?=))',
        ),
        sticky(
          '(?<value>[A-Za-z][^\\s"\'`$<>{}(),;&]{3,60})(?=\\s{1,3}(?:default|temporary|quota|profile|account|password|using)\\b)',
        ),
      ),
      before: /\b(?:(?:create|alter)\s+(?:user|role|login)|grant|connect\s+to)\b[^;]{0,120}$/i,
    },
  ],
  // `gh secret set NAME --body "x"`
  ...entries(
    idiom('secret', sticky('[\\w-]{1,80}\\s(?:[^\\n]{0,80}?\\s)?(?:--body|-b)[ =]', word)),
    'gh secret set ',
  ),
  // Keys that routers share with their servers.
  ...entries(
    here,
    'tacacs-server key ',
    'radius-server key ',
    'tacacs-server key 0 ',
    'radius-server key 0 ',
    'pre-shared-key ',
  ),
  ...entries(
    {
      ...idiom('password', sticky('(?<value>[^"\'\\\\\\n${}]{4,80})(?:\\\\[rn]|["\'])')),
      before: /assword|passphrase/i,
    },
    'send "',
    'send -- "',
    'sendline("',
    "sendline('",
  ),
]);

/** Settings of which a value holds a user or a name before the secret. */
const mailAccount = idiom('password', sticky('[ \\t]{0,12}(?<user>[\\w.@+-]{1,64}):', word));
export const settingIdioms: ReadonlyMap<string, Idiom> = new Map([
  // Postfix's sasl_passwd: `[host]:port user:password`, `host user:password`.
  ...[']:587 ', ']:465 ', ']:25 ', ']:2525 ', ']:submission ', ']:smtp ', ']:smtps '].map(
    (keyword): [string, Idiom] => [keyword, mailAccount],
  ),
  ['smtp.', idiom('password', sticky('[\\w.-]{1,60}(?::\\w{1,10})?\\s{1,8}(?<user>[\\w.@+-]{1,64}):', word))],
  ['setcredential=', idiom('secret', sticky('[\\w.-]{1,64}:', word))],
  [
    'identified with ',
    idiom('password', sticky('\\w{1,40}\\s{1,3}(?:by|as)\\s{1,3}["\'](?<value>[^"\'\\n$<{]{4,80})["\']')),
  ],
]);

const piped = '["\']?(?<value>[^\\s"\'`$<>{}|;\\\\]{4,80})(?:\\\\n[^\\s"\'|]{0,80})?["\']?\\s{0,3}';
const echo = `(?:echo|printf)\\s{1,3}(?:-[neE]{1,2}\\s{1,3}){0,2}`;

function trailing(weight: Idiom['weight'], ...parts: readonly string[]): Idiom {
  return { patterns: [new RegExp(`${parts.join('')}$`, 'd')], weight, isTrailing: true };
}

/** The value stands before the keyword: `user:password@tcp(host)` of Go's MySQL driver, `echo x | command`. */
export const trailingIdioms: ReadonlyMap<string, Idiom> = new Map([
  ...entries(
    trailing('password', '(?<user>[\\w.-]{1,60}):(?<value>[^\\s"\'`$<>{}@]{3,80})'),
    '@tcp(',
    '@unix(',
  ),
  [
    '| chpasswd',
    trailing(
      'password',
      echo,
      '["\']?(?<user>[\\w.-]{1,40}):(?<value>[^\\s"\'`$<>{}|;]{4,80})["\']?\\s{0,3}(?:\\|\\s{0,3}sudo\\s{0,3})?',
    ),
  ],
  ...entries(
    trailing('password', echo, piped),
    '| sudo -s',
    '| passwd',
    '| sudo passwd',
    '| kinit',
    '| cryptsetup',
  ),
  ...entries(trailing('password', echo, piped, '\\|[^\\n|]{0,100}\\s'), '--password-stdin', '--stdin'),
  ...entries(trailing('secret', echo, piped, '\\|[^\\n|]{0,60}\\s'), '--with-token'),
]);
