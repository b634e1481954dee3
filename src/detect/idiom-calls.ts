/** Calls that take a password or a key at a fixed place: `mysqli_connect(host, user, "x")`, `AES.new("x")`. */
import { argumentsBefore, callHead, type Idiom, idiom, literal, sticky } from './idiom-pattern.js';

type Weight = Idiom['weight'];

const first = (weight: Weight): Idiom => idiom(weight, sticky('\\s{0,12}', literal));
const second = (weight: Weight): Idiom => idiom(weight, sticky(argumentsBefore(1), literal));
const third = (weight: Weight): Idiom => idiom(weight, sticky(argumentsBefore(2), literal));
const thirdOfCall = idiom('password', sticky(callHead, argumentsBefore(2), literal));
const lastOfTwo = idiom('password', sticky(argumentsBefore(1), literal, '\\s{0,4}\\)'));

const entries = (one: Idiom, ...keywords: readonly string[]): [string, Idiom][] =>
  keywords.map((keyword) => [keyword, one]);

/** By keyword, in lower case as the rule file has it. */
export const callIdioms: ReadonlyMap<string, Idiom> = new Map([
  ...entries(third('password'), 'getconnection(', 'mysqli_connect(', 'mysql_connect(', 'mysql_pconnect('),
  ...entries(third('password'), 'ftp_login(', 'odbc_connect(', 'dbi->connect(', 'ssh2_auth_password('),
  ...entries(second('password'), 'oci_connect(', 'oci_pconnect(', 'oracle.connect(', 'oracledb.connect('),
  ...entries(thirdOfCall, 'new mysqli', 'new pdo', 'mysqldb.connect', 'pymysql.connect'),
  ...entries(lastOfTwo, '.login(', 'db.auth(', 'auth=(', 'auth = ('),
  ...entries(
    second('password'),
    'withbasicauth(',
    'networkcredential]::new(',
    '.basic_auth ',
    'credentials.basic(',
    'setbasicauth(',
    'basiccredentials(',
  ),
  ...entries(
    second('password'),
    'passwordauthentication(',
    'usernamepasswordtoken(',
    'usernamepasswordcredentials(',
  ),
  ...entries(second('password'), 'usernamepasswordauthenticationtoken('),
  [
    // `ssh.connect(host, 22, "user", "x")`: other things connect too, so that the value must show what it is.
    '.connect(',
    {
      ...idiom(
        'password',
        sticky(argumentsBefore(1), `(?:${argumentsBefore(1)}){0,2}`, literal, '\\s{0,4}[,)]'),
      ),
      isSpoken: true,
    },
  ],
  // A program that makes a Basic header itself.
  ...entries(
    idiom(
      'password',
      sticky('\\s{0,4}b?["\'`](?<user>[\\w.@+-]{1,60}):(?<value>[^"\'`\\n${}<]{4,80})["\'`]\\s{0,4}[,)]'),
    ),
    'b64encode(',
    'base64_encode(',
    'base64encode(',
    'base64.encode(',
    'btoa(',
    'strict_encode64(',
  ),
  ...entries(
    idiom(
      'password',
      sticky('\\s{0,4}(?:,|=>)\\s{0,4}["\'][\\w.@-]{1,60}:(?<value>[^"\'\\n${}<]{4,80})["\']'),
    ),
    'curlopt_userpwd',
    'curlopt_proxyuserpwd',
  ),
  // Options of libcurl are constants, so that a comma stands between the name and its value.
  ...entries(
    idiom('password', sticky('\\s{0,4}(?:,|=>)\\s{0,4}["\'](?<value>[^"\'\\n${}<]{4,128})["\']')),
    'curlopt_password',
    'curlopt_proxypassword',
    'curlopt_keypasswd',
    'curlopt_xoauth2_bearer',
  ),
]);

const key = (one: Idiom): Idiom => ({ ...one, name: 'signing_secret' });
const firstKey = key(first('secret'));
const secondKey = key(second('secret'));

/** Keys for signing and encrypting. */
export const signingIdioms: ReadonlyMap<string, Idiom> = new Map([
  ...entries(secondKey, 'jwt.sign(', 'jwt.verify(', 'jwt.encode(', 'jwt.decode(', 'createhmac('),
  ...entries(secondKey, 'createcipheriv(', 'createdecipheriv(', 'createcipher(', 'createdecipher('),
  ...entries(secondKey, 'aes.encrypt(', 'aes.decrypt(', 'hmacsha256('),
  ...entries(key(third('secret')), 'hash_hmac(', 'openssl_encrypt(', 'openssl_decrypt('),
  ...entries(firstKey, 'secretkeyspec(', 'hmacshakeyfor(', 'setsigningkey(', 'symmetricsecuritykey('),
  ...entries(firstKey, 'fernet(', 'aes.new(', 'cookieparser(', 'new hmacsha256('),
  // Python gives the key first, Go the hash.
  ['hmac.new(', { ...firstKey, patterns: [...firstKey.patterns, ...secondKey.patterns] }],
  // The shared secret of one-time passwords.
  ...entries(
    { ...first('secret'), name: 'otp_secret' },
    'totp.new(',
    'hotp.new(',
    'pyotp.totp(',
    'pyotp.hotp(',
  ),
  // As many characters as AES takes bytes, given as bytes.
  ...entries(
    {
      ...idiom('secret', sticky('(?<value>[^"\'\\n\\\\]{16}|[^"\'\\n\\\\]{24}|[^"\'\\n\\\\]{32})["\']')),
      name: 'aes_key',
    },
    'key = []byte("',
    'key := []byte("',
    'key = b"',
    "key = b'",
  ),
  ['signwith(', key(idiom('secret', sticky('\\s{0,4}(?:[\\w.]{1,60}\\s{0,4},\\s{0,4})?', literal)))],
]);

/** Calls whose only argument is a string: it is a secret when it looks drawn at random and like no id. */
const alone = idiom('secret', sticky('(?<value>[\\w.+/=~-]{20,128})["\']\\s{0,4}[,)]'));
const openers = [
  'client',
  'api',
  'sdk',
  'init',
  'configure',
  'authenticate',
  'authorize',
  'credentials',
  'setkey',
];
export const clientIdioms: ReadonlyMap<string, Idiom> = new Map(
  openers.flatMap((name) => [`${name}("`, `${name}('`].map((keyword): [string, Idiom] => [keyword, alone])),
);
