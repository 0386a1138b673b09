/**
 * What people may write. Length is counted in characters (code points), as a person counts them: an emoji is one.
 *
 * Refused are control characters (they hide in terminals and break headers) and the Unicode controls that turn the
 * direction of the text around them (they make `gpj.exe` read `exe.jpg`); ordinary right-to-left letters are fine.
 */
export type TextFault = 'empty' | 'too_long' | 'control_character' | 'direction_override' | 'not_unicode';

// eslint-disable-next-line no-control-regex -- naming control characters is the point
const controlInLine = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/u;
// eslint-disable-next-line no-control-regex -- the same, less tab and line breaks
const controlInBody = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/u;
const directionOverride = /[\u202a-\u202e\u2066-\u2069]/u;

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
  if (text.trim() === '') return 'empty';
  if (text.length > maxCharacters && [...text].length > maxCharacters) return 'too_long';
  if (control.test(text)) return 'control_character';
  if (directionOverride.test(text)) return 'direction_override';
  return undefined;
}
