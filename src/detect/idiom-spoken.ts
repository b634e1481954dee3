/** Two words of running text, of which the second must look like a password: `creds: svc / x`. */
import { type Idiom, idiom, sticky } from './idiom-pattern.js';

const user = '[`*]{0,2}(?<user>[\\w.@+\\\\-]{2,60})[`*]{0,2}';
const between =
  '\\s{0,2}(?:[/:|]|\\s(?:and|und|et|y|with|mit|avec|con|pw:?|pwd:?|pass:?|password:?))\\s{0,2}[`*]{0,2}';
/** As a word of a shell, with dollar signs in it. */
const word = /["'`]?(?<value>[^\s"'`$<>{}|;-][^\s"'`<>{}|;]{3,80})(?=$|[\s"'`|;)])/.source;
const account: Idiom = {
  ...idiom(
    'password',
    sticky(
      '["\'`*]{0,3}\\s{0,2}(?:(?:for|to|of|für|zum|zur|pour|para|de|di|do)\\s[^\\n:]{1,40}?(?=:|\\s(?:are|is|sind|sont|son)\\s))?',
      '\\s?[:=]?\\s{0,3}(?:(?:are|is|as|with|sind|sont|son)[: ]\\s?)?',
      user,
      between,
      word,
    ),
  ),
  isSpoken: true,
};

const keywords = [
  ...[
    'creds:',
    'creds ',
    'credentials:',
    'credentials are',
    'user/pass',
    'username/password',
    'login/password',
  ],
  ...[
    'user/password',
    'login:',
    'login is',
    'login with',
    'log in with',
    'log in as',
    'logged in as',
    'login as',
  ],
  ...[
    'zugangsdaten',
    'anmeldedaten',
    'identifiants',
    'credenciales',
    'credenziali',
    'credenciais',
    'inloggegevens',
    'login e senha',
    'login y clave',
    'benutzer/passwort',
    'logging in with',
    'id/pw',
  ],
  ...['wifi:', 'wlan:'],
];

export const spokenIdioms: ReadonlyMap<string, Idiom> = new Map(
  keywords.map((keyword) => [keyword, account]),
);
