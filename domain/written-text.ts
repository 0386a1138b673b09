/**
 * What people may write. Length is counted in characters (code points), as a person counts them: an emoji is one.
 *
 * Refused are control characters (they hide in terminals and break headers) and the Unicode controls that turn the
 * direction of the text around them (they make `gpj.exe` read `exe.jpg`); ordinary right-to-left letters are fine.
 * A text of nothing but spaces and characters that cannot be seen is empty.
 */
export type TextFault = 'empty' | 'too_long' | 'control_character' | 'direction_override' | 'not_unicode';

const directionControls = '\\u202a-\\u202e\\u2066-\\u2069';

/** Characters as they stand between the brackets of a regular expression, so that the API's document says the same. */
export const unwritable = {
  /** What a text of one line may not hold: control characters, line breaks, direction controls. */
  inLine: `\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029${directionControls}`,
  /** The same for many lines: tab and line breaks are fine. */
  inBody: `\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f${directionControls}`,
  /** What nobody sees, besides white space: soft hyphen, joiners and zero-width spaces, fillers, variation selectors. */
  invisible:
    '\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u2060-\\u206f\\u2800\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0',
} as const;

const controlInLine = new RegExp('[\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]', 'u');
const controlInBody = new RegExp('[\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f]', 'u');
const directionOverride = new RegExp(`[${directionControls}]`, 'u');
const visible = new RegExp(`[^\\s${unwritable.invisible}]`, 'u');

export const maxSubjectCharacters = 200;
export const maxBodyCharacters = 65_536;

/** Checks a text of one line, such as a subject (SPEC T1: 1–200 characters). */
export function faultInLine(text: string, maxCharacters: number): TextFault | undefined {
  return fault(text, maxCharacters, controlInLine);
}

/** Checks a text of many lines, such as a message (SPEC T1: Markdown, 1–65,536 characters). */
export function faultInBody(text: string, maxCharacters: number): TextFault | undefined {
  return fault(text, maxCharacters, controlInBody);
}

function fault(text: string, maxCharacters: number, control: RegExp): TextFault | undefined {
  if (!text.isWellFormed()) return 'not_unicode';
  if (text.length > maxCharacters && [...text].length > maxCharacters) return 'too_long';
  if (control.test(text)) return 'control_character';
  if (directionOverride.test(text)) return 'direction_override';
  // Emoji of several parts hold joiners and selectors, so these are refused only where there is nothing else.
  if (!visible.test(text)) return 'empty';
  return undefined;
}
