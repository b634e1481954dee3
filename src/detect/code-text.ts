/** Texts that stand in quotes, or behind a sign, and are part of a program or a message: code, names, sentences. */
import { isPasswordLike, isWordless, letterPairBits, looksRandom } from './randomness.js';

/** `+4SM…=`: what a machine drew may begin with a sign as code does; one base64 text in 64 begins with a plus. */
function isDrawnBehindSign(text: string): boolean {
  return /^[+.^,;:|][A-Za-z0-9+/_-]{16,200}={0,2}$/.test(text) && looksRandom(text.slice(1));
}

/** Fragments of code, markup and messages that stand in quotes or behind a colon but hold no value. */
export function isCode(text: string): boolean {
  if (isDrawnBehindSign(text)) return false;
  if (
    /^[\w$.>:-]+\(.*\)?;?$/.test(text) ||
    /^\(|=>|\)\s*[;{]|^function\b|^new |^return\b|^await\b/.test(text)
  )
    return true;
  if (
    /^[/(]?\^|\[\[:\w{3,8}:\]|\\[dwsbDWSB][+*{)\]]|\[\^?[a-zA-Z0-9]-[a-zA-Z0-9]|\(\?[:=!<]|\.[*+]\)?[?$]/.test(
      text,
    )
  )
    return true;
  if (
    /^[a-z]\w*(?:\.[a-z_]\w*)+(?:\[.*)?$/i.test(text) &&
    (!/\d[a-z]|[a-z]\d/i.test(text) || letterPairBits(text) < 4.6)
  )
    return true;
  // A bracket opened and not closed: the quote that ended the value stood within an expression.
  if (/["'`]\s?\+|\+\s?["'`]|^[^"'\s]*[\w$][[({]$/.test(text)) return true;
  // `*config.AccessKey`, `&auth.Token{}`, `\\&handler`: a reference to something of the program.
  if (/^[&*]+[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+(?:\{\})?$|^\\[&@%$][A-Za-z_]\w*$/.test(text)) return true;
  // `pool.BasicSource#getUser`, `server.port=0` in a list of such, `required;` behind a word, `-v NAME=1`.
  if (
    /^[a-z]\w*(?:\.\w+)+#\w+$|^[a-z][a-z-]*(?:\.[a-z][a-z-]*)+=|^\S+ \S*;$|^-{1,2}[A-Za-z][\w-]* \S/.test(
      text,
    )
  )
    return true;
  // `string[]`, `Option[]|null`: a type.
  if (/^[A-Za-z][\w.]*(?:\[\])+(?:\|\w+(?:\[\])*)*$/.test(text)) return true;
  if (
    /^\/(?:dev|proc|etc|tmp|usr)\//.test(text) ||
    /^\w+\[['"\w]/.test(text) ||
    (/^[&*@][A-Za-z_]\w*$/.test(text) && !(/\d/.test(text) && isPasswordLike(text))) ||
    /^\.{1,2}[\w-]|^#[\w-]+$/.test(text)
  )
    return true;
  if (/^[A-Za-z_]\w*(?:->|\[[\w+-]+\]|\.\w+\(|::)/.test(text)) return true;
  if (/^[$@%]\w+(?:->|\{|\[)/.test(text)) return true;
  return /^<\/?[a-z!]|&(?:amp|lt|gt|quot|apos|nbsp|hellip|[lr][sd]quo|[mn]dash|copy|bull|middot|laquo|raquo|times);|\\n\s*$|^\s*[,;:{}()[\]|+]/i.test(
    text,
  );
}

/** Mean bits of a pair of letters above which parts joined by hyphens were drawn and not named. */
const leastBitsOfNoList = 5.5;

/** `EVP_PKEY_new_raw_key`: letters only, joined as names are, half of the parts words. */
export function isWordList(text: string): boolean {
  if (!/^[A-Za-z]{2,}(?:[_-][A-Za-z]{2,}){2,}$/.test(text)) return false;
  if (letterPairBits(text) >= leastBitsOfNoList) return false;
  const parts = text.split(/[_-]/);
  return parts.filter((part) => part.length > 4 && isWordless(part)).length * 2 < parts.length;
}

/** `"password reset": "PASS"`: how a test went. */
export function isResult(text: string): boolean {
  return /^(?:PASS|FAIL|OK|ERROR|SKIP|(?:pass|fail|skipp|block)ed|Pass|Fail|success(?:ful)?|failure)$|^(?:PASS|FAIL|SKIPP|BLOCK)ED$|^SUCCESS$|^FAILURE$|: (?:PASS|FAIL|OK)$/.test(
    text,
  );
}

/** A sentence or label for people: `Enter your password`. */
export function isSentence(text: string): boolean {
  const spaces = text.split(' ').length - 1;
  return spaces >= 2 || (spaces === 1 && /[?!:.]$|^[A-Z][a-z]+ [a-z]+$/.test(text)) || /^\s|\s$/.test(text);
}

export function isIdentifierLike(text: string): boolean {
  return /^[A-Za-z_$][\w$]*$/.test(text);
}

/** `user.password.reset`, `login-form-password`, `app/password`: keys and ids in quotes. */
export function isDottedWords(text: string): boolean {
  return /^[A-Za-z]+(?:[._:/-][A-Za-z]+)+\d{0,2}$/.test(text) && letterPairBits(text) < 5;
}

/** Names of things: `client_secret`, `SECRET_KEY`, `clientSecret`. */
export function isDottedWordsOfCode(text: string): boolean {
  return (
    /secret|token|key|auth|password/i.test(text) ||
    /^[A-Z][A-Z0-9_]+$/.test(text) ||
    /^[a-z]+[A-Z]\w*$/.test(text)
  );
}
