import { localStorageStore, type Store } from 'react-admin';

const store = localStorageStore('1', 'Kontor');
/** What belongs to the browser and not to who is signed in. */
const kept = ['theme', 'locale'] as const;

/** react-admin empties the store at sign-out; the chosen language and theme stay. */
export const kontorStore: Store = {
  ...store,
  reset: () => {
    const values = kept.map((key) => [key, store.getItem(key)] as const);
    store.reset();
    for (const [key, value] of values) if (value !== undefined) store.setItem(key, value);
  },
};
