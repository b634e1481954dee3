/**
 * What variables and locals of a Terraform folder are set to: in their defaults, in `.tfvars` beside the code and in the folders
 * below it. Names that are put together from them are the names that they can come to; what is set elsewhere stays unknown.
 */
import { type HclBlock, hclBlocks } from './hcl.js';

/** `var.env` or `local.prefix`, with the texts that it may have. */
export type CodeValues = ReadonlyMap<string, readonly string[]>;

const isSettings = /\.tfvars$/;
const setting = /^\s*"?([A-Za-z_][\w-]{0,80})"?\s*=\s*("[^"\\\n]{0,200}")\s*$/;
/** Texts of one variable, and names that one expression may come to. */
const most = 32;

export function isSettingsFile(path: string): boolean {
  return isSettings.test(path);
}

/** A quoted text, whatever is to be filled in. */
function textOf(expression: string | undefined): string | undefined {
  return /^"([^"\\]*)"$/.exec(expression ?? '')?.[1];
}

function settingsIn(lines: readonly string[]): (readonly [name: string, text: string])[] {
  return lines.flatMap((line) => {
    const [, name, quoted] = setting.exec(line.slice(0, 400)) ?? [];
    const text = textOf(quoted);
    return name === undefined || text === undefined ? [] : [[name, text] as const];
  });
}

function defaultsOf({ labels, lines }: HclBlock): (readonly [string, string])[] {
  return settingsIn(lines).flatMap(([name, text]) =>
    name === 'default' ? [[labels[0] ?? '', text] as const] : [],
  );
}

/** Of the files of one folder, settings files among them. */
export function codeValues(files: readonly { readonly path: string; readonly text: string }[]): CodeValues {
  const values = new Map<string, string[]>();
  const add = (key: string, text: string): void => {
    const known = values.get(key) ?? [];
    if (!known.includes(text) && known.length < most) known.push(text);
    values.set(key, known);
  };
  const locals: (readonly [string, string])[] = [];
  for (const { path, text } of files) {
    if (isSettings.test(path)) {
      for (const [name, value] of settingsIn(text.split('\n'))) add(`var.${name}`, value);
      continue;
    }
    for (const block of hclBlocks(text)) {
      if (block.type === 'variable') for (const [name, value] of defaultsOf(block)) add(`var.${name}`, value);
      if (block.type === 'locals') locals.push(...settingsIn(block.lines));
    }
  }
  // Locals may be put together from variables, and from locals before them.
  for (const [name, text] of locals) for (const value of filledIn(text, values)) add(`local.${name}`, value);
  return values;
}

const hole = /\$\{\s*((?:var|local)\.[A-Za-z_][\w-]{0,80})\s*\}/;

/** All texts that a template can come to; none when something in it is not known. */
export function filledIn(template: string, values: CodeValues): readonly string[] {
  let texts: readonly string[] = [template];
  for (let holes = 0; holes < 8; holes++) {
    if (!texts.some((text) => hole.test(text))) break;
    texts = texts
      .flatMap((text) => {
        const [whole, key = ''] = hole.exec(text) ?? [];
        if (whole === undefined) return [text];
        return (values.get(key) ?? []).map((value) => text.split(whole).join(value));
      })
      .slice(0, most);
  }
  return texts.filter((text) => !text.includes('${'));
}

/** The names that an expression can come to: a text, one with holes, or a variable alone. */
export function namesOf(expression: string | undefined, values: CodeValues): readonly string[] {
  const text = textOf(expression);
  if (text !== undefined) return filledIn(text, values);
  return values.get((expression ?? '').trim()) ?? [];
}
