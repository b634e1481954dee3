/** Passwords as generators draw them, and the places where they are written with all their signs. `node corpus/build.mjs` draws the values. */
const small = 'abcdefghijklmnopqrstuvwxyz';
const letters = small + small.toUpperCase();
const digits = '0123456789';

/** Alphabets of generators: `pwgen -y`, and those of password managers. */
export const alphabets = {
  'all-signs': `${letters}${digits}!"#$%&'()*+,-./:;<=>?@[\\]^_\`{|}~`,
  'many-signs': `${letters}${digits}!#$%&*+-=?@^_`,
  'few-signs': `${letters}${digits}!@.-_*`,
  base64: `${letters}${digits}+/`,
};

export const lengths = [8, 10, 12, 16, 24, 32];

const escaped = (value) => JSON.stringify(value).slice(1, -1);

/** Each with how the value is written there, and what a writer of such a file would not write without quotes. */
export const places = {
  'env-quoted': { make: (text) => `DB_USER=app\nDB_PASSWORD="${text}"\nDB_HOST=db1`, write: escaped },
  env: { make: (text) => `APP_HOST=x\nDB_PASSWORD=${text}\nAPP_PORT=1`, never: /["'`#\\$ ]/ },
  yaml: { make: (text) => `db:\n  host: h\n  password: ${text}\n  port: 1`, never: /^[!&*@%`"'#{}[\],|>?:-]|:$|\\/ },
  'yaml-quoted': { make: (text) => `db:\n  password: "${text}"\n  port: 1`, write: escaped },
  json: { make: (text) => `{"host":"h","password":"${text}","port":1}`, write: escaped },
  python: { make: (text) => `conn = connect(\n    host="h",\n    password="${text}",\n)`, write: escaped },
  properties: { make: (text) => `app.name=x\nspring.datasource.password=${text}\na.b=c`, never: /^["']|\\/ },
  'xml-attribute': {
    make: (text) => `<Resource username="u" password="${text}" url="x"/>`,
    write: (value) => value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;'),
  },
  export: { make: (text) => `#!/bin/sh\nexport DB_PASSWORD='${text}'`, never: /'/ },
  flag: { make: (text) => `mycli --user app --password '${text}' --host h`, never: /'/ },
  'connection-string': {
    make: (text) => `"Server=h;Database=d;User Id=u;Password=${text};Encrypt=true"`,
    never: /[;"'\\={}]/,
  },
  url: { make: (text) => `DATABASE_URL=postgres://app:${text}@db.corp.internal:5432/x`, write: (value) => encodeURIComponent(value).replaceAll("'", '%27') },
};
