/**
 * Single keys and short sequences ("g t"). A page says which it has while it is shown; one listener serves them all, and
 * the page of keys lists exactly what works now.
 */
import { useEffect, useRef, useSyncExternalStore } from 'react';

export interface KeyBinding {
  /** A letter or sign, or two with a space: `r`, `?`, `g t`. Without: only the menu of commands has it. */
  readonly keys?: string | undefined;
  /** The word for it: a name under `kontor.keys`, or the whole key of a word of another place. */
  readonly does: string;
  readonly run: () => void;
}

const sequencePatienceMilliseconds = 1_200;
const storedAs = 'kontor.singleKeys';
const layers = new Map<symbol, readonly KeyBinding[]>();
const watchers = new Set<() => void>();
let listed: readonly KeyBinding[] = [];
let begun: { key: string; at: number } | undefined;

function changed(): void {
  listed = [...layers.values()].flat();
  for (const watcher of watchers) watcher();
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => void watchers.delete(watcher);
}

/** Makes these keys work while the component is shown. The newest component wins a key that two want. */
export function useKeys(bindings: readonly KeyBinding[]): void {
  const latest = useRef(bindings);
  useEffect(() => {
    latest.current = bindings;
  });
  const names = bindings.map(({ keys, does }) => `${keys} ${does}`).join(',');
  useEffect(() => {
    const layer = Symbol(names);
    const named = latest.current.map(({ keys, does }) => ({
      keys,
      does,
      run: () => latest.current.find((binding) => binding.keys === keys && binding.does === does)?.run(),
    }));
    layers.set(layer, named);
    changed();
    return () => {
      layers.delete(layer);
      changed();
    };
  }, [names]);
}

/** The word of a binding, as a key of the console's words. */
export function wordOf(does: string): string {
  return does.includes('.') ? does : `kontor.keys.${does}`;
}

export function useListedKeys(): readonly KeyBinding[] {
  return useSyncExternalStore(watch, () => listed);
}

/** Whether single keys work; whoever speaks to the computer or hits keys by mistake may turn them off (WCAG 2.1.4). */
export function useSingleKeys(): [boolean, (on: boolean) => void] {
  const on = useSyncExternalStore(watch, singleKeysOn);
  return [
    on,
    (wanted) => {
      localStorage.setItem(storedAs, wanted ? 'on' : 'off');
      changed();
    },
  ];
}

function singleKeysOn(): boolean {
  return localStorage.getItem(storedAs) !== 'off';
}

/** The letter on the key, whatever layout is switched on: under a Russian one the key J gives "о". */
function pressed(event: KeyboardEvent): string {
  if (/^[a-z?/]$/i.test(event.key)) return event.key.toLowerCase();
  if (event.code.startsWith('Key')) return event.code.slice(3).toLowerCase();
  if (event.code === 'Slash') return event.shiftKey ? '?' : '/';
  return event.key;
}

function isWriting(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.closest('input, textarea, select, [role="dialog"], [role="menu"], [role="listbox"]') !== null)
  );
}

function hear(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (isWriting(event.target) || document.querySelector('[role="dialog"], [role="menu"]') !== null || !singleKeysOn()) return;
  const key = pressed(event);
  const sequence = begun && event.timeStamp - begun.at < sequencePatienceMilliseconds ? `${begun.key} ${key}` : undefined;
  begun = undefined;
  const binding = (sequence === undefined ? undefined : newest(sequence)) ?? newest(key);
  if (binding) {
    event.preventDefault();
    binding.run();
  } else if (listed.some(({ keys }) => keys?.startsWith(`${key} `))) {
    begun = { key, at: event.timeStamp };
  }
}

function newest(keys: string): KeyBinding | undefined {
  return listed.findLast((binding) => binding.keys === keys);
}

window.addEventListener('keydown', hear);
