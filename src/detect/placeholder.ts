/**
 * Text that stands where a secret would stand: templates, references, masked values and filler words.
 *
 * `reference` and `template` never are a secret. `filler` words (`password`, `changeme`) are sometimes the
 * real, weak password: the judge drops or keeps them by their syntax.
 */

export type Stand = 'template' | 'reference' | 'masked' | 'filler';

const template =
  /^(?:<[^<>]*>|#{2,}[A-Za-z_][\w. -]*#{2,}|\[[^\]]*\]|\{\{.*|\{%.*|\$\{\{.*|\$?\{[\w.:@-]+\}|%[\w.]+%|%\([\w.]+\)[sd]|#\{[^}]*\}|@@?[\w.-]+@@?|__[A-Za-z][\w-]*__|<%.*|\$\(.*|`.*`|\{[\w. -]*\}|%[-+#0 ]*\d*[sdvqxr@]|%[-\w]*|:[a-z_]+|\?|\{\d+\}.*)$/s;
/** Brackets within must match: what merely holds an opening and a closing one is drawn by a machine. */
const anyTemplate =
  /\$\{\{|\{\{[^{}]*(?:\}\}|$)|^[^{}]*\}\}|<%|%>|\$\{[A-Za-z_](?:[^{}\s[\]()<>]|\[[^[\]]*\]|\([^()]*\))*\}|\$\{[\w.[\]'"@:-]+\}|\$\([\w [(]|#\{[^}]*\}|\{%|%\(\w+\)s|__[A-Z][A-Z_]+__|<[a-z][a-z0-9 _-]*>|<[A-Z][A-Z0-9 _-]*>|@\{|%[A-Za-z_]{4,}%/;
const variable =
  /^(?:\$[A-Za-z_]\w*|\$\{[^}]*|\$env:\w+|%[A-Za-z_]\w*%|\$\$[\w.]+)$|^[$@]\w+(?:->|\?->|\[|\.\w+\(|::)|^&?\*?[A-Za-z_]\w*(?:->|::)\w/;
const reference =
  /^(?:!(?:Ref|Sub|GetAtt|vault|reference|ENV)\b|op:\/\/|vault:|ssm:|secret:|sops:|doppler:|keyvault:|akv:|azurekeyvault:|gcpsm:|awssm:|bw:|pass:|file:|env:|env\.|\/run\/secrets\/|arn:aws|projects\/[\w-]+\/secrets\/|\{\{?resolve:|@Microsoft\.KeyVault|secretKeyRef|valueFrom|process\.env\b|import\.meta\.env|os\.environ|os\.getenv|getenv\b|System\.(?:getenv|getProperty)|ENV\[|ENV\.|env\(|var\.|local\.|data\.|module\.|each\.|self\.|this\.|config\.|settings\.|secrets\.|params\.|props\.|options\.|context\.|request\.|req\.|args\.|opts\.|event\.|credentials\()/;

const masked =
  /^(?:[*•.xX#?_-]{3,}|[xX*0]{2,}(?:-[xX*0]{2,})+|.{0,12}(?:\*{3,}|•{3,}|x{6,}|X{6,}|\.{3,}|…|#{4,}|_{6,}|-{6,}|0{10,}).{0,12}|.*[\w=](?:\.{3,}|…))$/;

/** Words that are never the value itself, wherever they stand in it. */
const tellingWords =
  /(?:change[_ -]?(?:me|it|this)|replace[_ -]?(?:me|this|with)|redacted|placeholder|your[_ -]?(?:own|api|secret|token|key|pass|client|app|access|auth|bot|private|account|project|user|real|aws|db|database|personal|super|strong|very|new)|<?insert[_ -]|put[_ -]?(?:your|here)|[_ -]?here$|goes[_ -]here|fill[_ -]?(?:in|me)|(?:my|some|any|a|the|our)[_ -](?:secret|token|password|api|key|passw)|not[_ -]?a[_ -]?(?:real|secret|key|token|password)|dummy|fake[_ -]|^fake|lorem|example|todo|fixme|to[_ -]?be[_ -]|undefined|removed|hidden|sanitized|scrubbed|obfuscated|sample|^n\/a$|^tbd$|deadbeef|1234567890|0123456789|abcdefgh|foobar|foo[_-]?bar|^foo|^bar$|^baz)/i;

/** Whole values that are filler; compared in lower case without separators. */
const fillerWords = new Set(
  (
    'anonymous deadbeef cafebabe supersecret topsecret secretpassword secretkey1 mysecretkey mysecretpassword verysecret password1 password123 password passwd pwd pass passphrase passw0rd secret token key apikey apisecret apitoken accesskey accesstoken secretkey secretaccesskey ' +
    'authtoken clientsecret clientid credential credentials username user login auth private privatekey string text null nil none ' +
    'undefined true false yes no on off test testing tests tester mock mocked demo default value empty blank unset required optional ' +
    'enabled disabled input output hidden object number boolean bool int integer float any void unknown never type name id data ' +
    'bearer basic oauth oauth2 jwt aws gcp azure sha256 md5 base64 hex utf8 application local localhost development production ' +
    'staging env environment config settings mypassword mysecret mytoken mykey newpassword oldpassword currentpassword ' +
    'confirmpassword repeatpassword adminpassword userpassword dbpassword rootpassword databasepassword thepassword apassword ' +
    'yourpassword yoursecret yourtoken yourkey yourapikey notset notused unused pending invalid valid wrong wrongpassword badpassword bad ' +
    'authorization header cookie session query body form json xml refresh access read write admin root guest abc xyz ' +
    'john jane alice doe johndoe always never auto manual ask prompt random generated myself yourself whatever nothing something anything'
  ).split(' '),
);

/** Type names and literals of programming languages that follow `password:` in declarations. */
export function isFillerWord(text: string): boolean {
  if (fillerWords.has(text.toLowerCase().replace(/[\s_.-]/g, ''))) return true;
  // `test_user_password`, `appSecretKey`: filler words joined as names are.
  return (
    /[\s_.-]|[a-z][A-Z]/.test(text) &&
    text.length <= 40 &&
    joinedWords(text).every((word) => fillerWords.has(word))
  );
}

function joinedWords(text: string): string[] {
  return text
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/\d{1,2}$/, '')
    .split(/[\s_.-]+/);
}

/** Undoes the usual disguises of a word: `$uper$ecret`, `P4ssw0rd!`. */
export function plainWords(text: string): string {
  return text
    .toLowerCase()
    .replace(/^[!@#]|[!@#.?]+$/g, '')
    .replace(/[$5]/g, 's')
    .replace(/[@4]/g, 'a')
    .replace(/0/g, 'o')
    .replace(/[1!]/g, 'i')
    .replace(/3/g, 'e');
}

/** `([^;]+)`, `\\w+`, `(?:x)`: the source of a regular expression, which stands where the value is looked for. */
export function isExpressionSource(text: string): boolean {
  return /\[\^|\[\[:\w{3,8}:\]|\(\?[:=!<P]|\\[dwsDSWbB](?:[+*{)\]]|$)|[[(][^\])]*[\])][+*?]|\.[*+](?:\?|\)|$)/.test(
    text,
  );
}

/** What a value stands for instead of a secret; undefined when it may be one. */
export function standInOf(text: string): Stand | undefined {
  if (variable.test(text) || reference.test(text)) return 'reference';
  if (template.test(text) || anyTemplate.test(text)) return 'template';
  if (masked.test(text)) return 'masked';
  if (isFillerWord(text) || tellingWords.test(text)) return 'filler';
  return undefined;
}

/** A value that is part of a text. */
export interface ValueWithin {
  /** Where it begins, in UTF-16 units. */
  readonly offset: number;
  readonly text: string;
  /** The reason that says how it was cut. */
  readonly why: 'template-default' | 'behind-words';
}

/** `${NAME:-default}`; `{{ x | default('value') }}` and `{{ 'value' | password_hash }}` of Jinja. The last group is the value. */
const defaults = [
  /^\$\{[A-Za-z_][\w.]*:[-=]?([^${}]{4,200})\}$/,
  /^\{\{[^{}]{0,160}?\|\s{0,4}default\(\s{0,4}['"]([^'"{}]{4,200})['"]/,
  /^\{\{-?\s{0,4}['"]([^'"{}]{4,200})['"]\s{0,4}\|\s{0,4}(?:password_hash|quote|string|b64encode)\b/,
];

/** Default inside a template with its offset: the one part of a template that is a value. */
export function templateDefault(text: string): ValueWithin | undefined {
  for (const pattern of defaults) {
    const match = pattern.exec(text);
    if (match?.[1] === undefined) continue;
    return {
      offset: text.indexOf(match[1], match[0].lastIndexOf(match[1])),
      text: match[1],
      why: 'template-default',
    };
  }
  return undefined;
}
