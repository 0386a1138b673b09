import { useEffect, useRef, useState, useSyncExternalStore, type ClipboardEvent, type DragEvent } from 'react';
import { useNotify, useTranslate } from 'react-admin';
import { UploadKeeper, type Upload } from './upload-keeper.ts';

const keepers = new Map<string, UploadKeeper>();

function keeperOf(place: string): UploadKeeper {
  const keeper = keepers.get(place) ?? new UploadKeeper();
  keepers.set(place, keeper);
  return keeper;
}

/** The files of a message in the making, and how they come to it. */
export interface Uploads {
  readonly uploads: readonly Upload[];
  /** A key of words when the message cannot be sent yet because of a file. */
  readonly hindrance: 'kontor.files.waits' | 'kontor.files.failed' | undefined;
  readonly add: (files: Iterable<File>) => void;
  readonly remove: (key: string) => void;
  readonly retry: (key: string) => void;
  /** Whether files hang over the place where they may be dropped. */
  readonly isOver: boolean;
  /** For the place where files may be dropped and pasted. */
  readonly handlers: {
    readonly onDragOver: (event: DragEvent) => void;
    readonly onDragLeave: (event: DragEvent) => void;
    readonly onDrop: (event: DragEvent) => void;
    readonly onPaste: (event: ClipboardEvent) => void;
  };
}

/**
 * @param place names the message, such as the reader's note in a ticket: what is dropped there stays there
 * @param named the files that the message's draft names, and how it is told of others
 */
export function useUploads(place: string, named: readonly string[], keep: (ids: readonly string[]) => void): Uploads {
  const notify = useNotify();
  const translate = useTranslate();
  const keeper = keeperOf(place);
  const uploads = useSyncExternalStore(keeper.watch, keeper.current);
  const [isOver, setIsOver] = useState(false);
  useEffect(() => keeper.answerTo(keep));
  const listed = named.join(',');
  useEffect(() => keeper.follow(listed === '' ? [] : listed.split(',')), [keeper, listed]);
  const add = (files: Iterable<File>) => {
    const named = [...files].map((file) => ({ file, name: file.name || `${translate('kontor.files.pasted')}.png` }));
    if (!keeper.add(named)) notify('kontor.files.tooMany', { type: 'warning' });
  };
  useStrayFiles(add);
  return {
    uploads,
    hindrance: uploads.some(({ state }) => state === 'uploading')
      ? 'kontor.files.waits'
      : uploads.some(({ state }) => state === 'failed')
        ? 'kontor.files.failed'
        : undefined,
    add,
    remove: (key) => keeper.remove(key),
    retry: (key) => keeper.retry(key),
    isOver,
    handlers: {
      onDragOver: (event) => {
        if (!event.dataTransfer.types.includes('Files')) return;
        event.preventDefault();
        setIsOver(true);
      },
      onDragLeave: (event) => {
        // Going over to a child of the place is no leaving.
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setIsOver(false);
      },
      onDrop: (event) => {
        setIsOver(false);
        if (event.dataTransfer.files.length === 0) return;
        event.preventDefault();
        add(event.dataTransfer.files);
      },
      onPaste: (event) => {
        // A copied piece of a page comes with a picture of itself: then the text is meant.
        if (event.clipboardData.files.length === 0 || event.clipboardData.types.includes('text/plain')) return;
        event.preventDefault();
        add(event.clipboardData.files);
      },
    },
  };
}

/** Files dropped beside the place are meant for it too: else the browser would show the file where the page was. */
function useStrayFiles(add: (files: Iterable<File>) => void): void {
  const latest = useRef(add);
  useEffect(() => {
    latest.current = add;
  });
  useEffect(() => {
    const hover = (event: globalThis.DragEvent) => {
      if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
    };
    const drop = (event: globalThis.DragEvent) => {
      const files = event.dataTransfer?.files;
      if (!files?.length || event.defaultPrevented) return;
      event.preventDefault();
      latest.current(files);
    };
    window.addEventListener('dragover', hover);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', hover);
      window.removeEventListener('drop', drop);
    };
  }, []);
}
