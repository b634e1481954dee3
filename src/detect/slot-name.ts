/**
 * Names beside values: does a variable, key path or header of this name hold a secret? Names that contain a
 * trigger without meaning it (`keyboard`, `public_key`, `token_type`) are the largest source of noise.
 */

/** `password`: whatever people choose. `secret`: made by machines. `weak`: a name that says little. `none`: no secret. */
export type NameWeight = 'password' | 'secret' | 'weak' | 'none';

/** Cuts a name into lower-case words at `_`, `-`, `.`, `$`, digits' ends and camel humps. */
export function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}\p{M}]+/u)
    .filter((word) => word !== '');
}

/** Last words that make the value something about the secret and not the secret. */
const aboutWords = new Set(
  (
    'id ids name names type types url urls uri uris path paths file files filename dir folder field fields label labels hint hints ' +
    'policy policies reset length len size regex pattern count counts limit limits expiry expires expiration expire exp ttl timeout age ' +
    'version versions arn ref refs reference references class classes prefix suffix header headers format formats endpoint endpoints host hosts ' +
    'domain port location placeholder title description desc text message msg error errors status state scope scopes ' +
    'usage budget budgets provider providers service manager store storage source strategy method mode algorithm alg encoding encoder ' +
    'validator validation valid validity required enabled disabled rules rule strength visibility visible toggle show input inputs output button form page ' +
    'link template templates tokens words index indexes idx num number start end pos position range line column char chars ' +
    'issuer audience aud iss grant bytes bits sha sha1 sha2 sha256 sha384 sha512 md5 hash hashes hashed digest checksum sum fingerprint thumbprint checker ' +
    'email user username login account accounts role roles group date time timestamp created updated at by ' +
    'confirmation confirm mismatch incorrect changed check callback handler helper factory builder parser util utils ' +
    'map list array set table row config options option settings params param request response client server context ' +
    'event events action actions model schema object interface impl test tests spec example examples mock attempts retries history ' +
    'selector element locator xpath css icon image color style width height key2name alias aliases kind is has ' +
    'env var vars variable placeholder prompt question answer docs doc help info warning rotation period interval renewal window tag tags namespace ' +
    'count1 property properties plugin module entry entries item items iterator balance price supply amount symbol decimals contract address addresses'
  ).split(' '),
);

/** Words anywhere in a name that make it public or something else. */
const harmlessWords = new Set(
  (
    'public pub pubkey publickey keyboard keyword keywords keyframe keyframes keystone keyspace monkey primary foreign sort partition cache hash ' +
    'i18n l10n locale capital rapid tokenize tokenizer tokenized tokenization detokenize compass bypass passive passthrough ' +
    'passage passenger passport author authors accessor accessors shortcut hotkey keybinding keymap keycode keyup keydown keypress lookup ' +
    'unique index etag nonce integrity checksum csrf xsrf antiforgery authenticity verification site sitekey publishable anonymous anon fingerprint revision commit sha ' +
    'existing encrypted sealed ciphertext masked redacted hashed hint invalid mismatch forgot forgotten missing wrong incorrect separator delimiter'
  ).split(' '),
);

const passwordWords = new Set(
  (
    'password passwort passwords passwd passwrd paswd paswrd pasword passord passworsd psswd psswrd psswword pswd pswrd psword pwd pw passphrase passcode pass pin psk secretword authtok masterauth ' +
    'contrasena contraseña clave motdepasse mdp senha parola kennwort wachtwoord hasło haslo heslo jelszó lösenord losenord ' +
    'adgangskode kodeord passord salasana parool şifre лозинка пароль κωδικός סיסמה 密码 密碼 口令 パスワード 暗証番号 비밀번호 รหัสผ่าน'
  ).split(' '),
);
/** Names of several words, as {@link wordsOf} cuts them. */
const passwordPhrases = new Set(['mot de passe', 'mật khẩu', 'mat khau', 'kata sandi', 'كلمة المرور']);

/** What tokens and keys are called elsewhere; `key` alone is too common a word in any language. */
const secretPhrases = new Set(
  (
    'jeton,jeton api,токен,token api,令牌,访问令牌,トークン,アクセストークン,토큰,액세스 토큰,密钥,密鑰,秘钥,api密钥,api 密钥,api密鑰,apiキー,api キー,' +
    'シークレット,api키,api 키,api schlüssel,clé api,clé d api,clé secrète,clave api,clave de api,clave de la api,clave secreta,chave api,' +
    'chave de api,chave da api,chave secreta,chiave api,chiave segreta,ключ api,api ключ,секретный ключ,klucz api,api sleutel,api nyckel'
  ).split(','),
);

function isPasswordWord(word: string): boolean {
  return passwordWords.has(word.replace(/\d+$/, ''));
}

const passwordTail =
  /(?:密码|密碼|口令|パスワード|비밀번호|password|passwort|passwd|passphrase|kennwort|pwd|(?:db|user|root|admin|my|ftp|smtp|mail|ssh|store|key|require|master|login|auth|sudo|become|bind|ldap|sql|pg|proxy|wifi|svc|app|keystore|truststore)pass|(?:root|bind|db|admin|user|my)pw)\d*$/;
const secretWords =
  /^(?:secret|secrets|token|apikey|credential|credentials|creds|cred|bearer|webhook|pat|accesskey|secretkey|privatekey|authkey|sharedkey|masterkey|encryptionkey|signingkey|accesstoken|authtoken|apitoken|clientsecret|apisecret|jwt|presharedkey)\d*$/;
const secretTail =
  /(?:secret|token|apikey|accesskey|secretkey|privatekey|authkey|credential|credentials|apisecret)\d*$/;
const keyQualifiers = new Set(
  'api access secret private auth authentication authorization encryption encrypt signing sign signature master shared service account app application admin storage session server client license deploy ssh crypto aes hmac jwt cookie webhook subscription functions function host root consumer integration rest ingest write read security license preshared master unseal'.split(
    ' ',
  ),
);

function isKeyName(words: readonly string[]): NameWeight {
  const at = words.length - 1;
  if (!/^keys?\d*$/.test(words[at] ?? '')) return 'none';
  const before = words[at - 1];
  if (before !== undefined && keyQualifiers.has(before)) return 'secret';
  return 'weak';
}

/** Trailing words that say nothing: `password_dev`, `secret_value`, `tokenString`, `key_base`. */
const neutralTail = new Set(
  'value values string str plain plaintext base raw literal bytes b64 base64 default dev prod production staging test live local new old current temp tmp secret1 1 2 3 0 backup override main primary secondary data'.split(
    ' ',
  ),
);

/** `password_confirmation`, `confirmPassword`: the same password once more. */
function withoutEcho(words: string[]): string[] {
  const at = words.findIndex(isPasswordWord);
  return at >= 0 && /^confirm(?:ation|ed)?$/.test(words[at + 1] ?? '') && words.length === at + 2
    ? words.slice(0, at + 1)
    : words;
}

/** `csrf_secret`: what the tokens in forms are made from; those are no secret. */
function isForgerySecret(words: readonly string[]): boolean {
  const last = words.at(-1) ?? '';
  return /^(?:secret|key)$/.test(last) && /^[cx]srf$/.test(words.at(-2) ?? '');
}

/** What a token marks where it opens nothing: a page, a place to go on from, a lock on a version, a request sent twice. */
const markedWords = new Set(
  'next prev previous page pagination paging continuation continue cursor resume skip sync lock cancellation idempotency'.split(
    ' ',
  ),
);

/** `NextToken`, `page_token`, `lock-token`, `clientRequestToken`. */
function isMarkerToken(words: readonly string[]): boolean {
  const last = words.at(-1) ?? '';
  if (/^(?:next|page|nextpage|continuation|lock|sync)token$/.test(last)) return true;
  if (last !== 'token') return false;
  const before = words.at(-2) ?? '';
  return markedWords.has(before) || (before === 'request' && words.at(-3) === 'client');
}

/** How much a name says that its value is a secret. */
export function nameWeightOf(name: string): NameWeight {
  const words = withoutEcho(wordsOf(name));
  const phrase = words.join(' ');
  if (passwordPhrases.has(phrase)) return 'password';
  if (secretPhrases.has(phrase)) return 'secret';
  if (words.some((word) => harmlessWords.has(word)) && !isForgerySecret(words)) return 'none';
  let end = words.length;
  while (end > 1 && (neutralTail.has(words[end - 1] ?? '') || /^\d+$/.test(words[end - 1] ?? ''))) end--;
  const kept = words.slice(0, end);
  const last = kept.at(-1);
  if (last === undefined) return 'none';
  if (isPasswordWord(last) || passwordTail.test(last)) return 'password';
  if (aboutWords.has(last) || isMarkerToken(kept)) return 'none';
  // Several of them are a list, a store or its name.
  if (/^(?:secrets|credentials|creds)$/.test(last)) return kept.length === 1 ? 'secret' : 'weak';
  if (secretWords.test(last) || secretTail.test(last)) return 'secret';
  const key = isKeyName(kept);
  if (key !== 'none') return key;
  // `passwordForRoot`, `token_github`, `API_KEY_STRIPE`: the trigger stands before its qualifier.
  for (let i = kept.length - 2; i >= 0; i--) {
    const word = kept[i] as string;
    if (isPasswordWord(word)) return 'password';
    if (secretWords.test(word)) return 'weak';
    if (isKeyName(kept.slice(0, i + 1)) === 'secret') return 'weak';
  }
  return /^(?:auth|authorization|login|salt|seed|signature|cookie)$/.test(last) ? 'weak' : 'none';
}
