import type { KeyboardEvent } from 'react';
import { continued, formatted, type Edit, type Format, type Selected } from './formatting.ts';

export function selectedIn({ value, selectionStart, selectionEnd }: HTMLTextAreaElement): Selected {
  return { text: value, from: selectionStart, to: selectionEnd };
}

/**
 * Carries an edit out as if it had been typed: the browser's own undo takes it back, which a value set from outside would
 * make it forget. The old command is the only way to do that, and every browser has it.
 */
export function applyEdit(field: HTMLTextAreaElement, { from, to, insert, select }: Edit): void {
  field.focus();
  field.setSelectionRange(from, to);
  document.execCommand(insert === '' ? 'delete' : 'insertText', false, insert);
  field.setSelectionRange(...select);
}

export function applyFormat(field: HTMLTextAreaElement, format: Format): void {
  applyEdit(field, formatted(format, selectedIn(field)));
}

/** By the key's place on the keyboard: under a Russian layout the key B gives "и". */
const formatOfKey: Readonly<Record<string, Format>> = { KeyB: 'bold', KeyI: 'italic', KeyK: 'link', KeyE: 'code' };
const formatOfShiftedKey: Readonly<Record<string, Format>> = { Digit7: 'numbers', Digit8: 'bullets', Digit9: 'quote' };

/** @returns whether the key was one that formats, or goes on with a list */
export function formatByKey(event: KeyboardEvent<HTMLTextAreaElement>): boolean {
  const field = event.currentTarget;
  if (event.altKey || event.nativeEvent.isComposing) return false;
  if (event.ctrlKey || event.metaKey) {
    const format = (event.shiftKey ? formatOfShiftedKey : formatOfKey)[event.code];
    if (format) applyFormat(field, format);
    return format !== undefined;
  }
  const edit = event.key === 'Enter' && !event.shiftKey ? continued(selectedIn(field)) : undefined;
  if (edit) applyEdit(field, edit);
  return edit !== undefined;
}
