import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isIP } from 'node:net';
import { Reader, type Response } from 'maxmind';
import type { Locale } from '../../domain/locale.ts';

/** A place in each language. */
export type PlaceWords = Readonly<Record<Locale, string>>;

const unknownPlace: PlaceWords = { en: 'an unknown place', ru: 'неизвестное место' };

/** Addresses that lie in no country (RFC 6890), by what they are. Addresses are spelled as `client-address.ts` spells them. */
const specialPlaces: readonly { words: PlaceWords; addresses: RegExp }[] = [
  { words: { en: 'this machine', ru: 'этот компьютер' }, addresses: /^(?:127\.|::1$)/ },
  {
    words: { en: 'a private network', ru: 'частная сеть' },
    addresses:
      /^(?:10\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd][\da-f]{2}:|fe[89ab][\da-f]:)/,
  },
  // Reserved, for documents, for tests, multicast.
  { words: unknownPlace, addresses: /^(?:0\.|192\.0\.[02]\.|198\.(?:18|19|51\.100)\.|203\.0\.113\.|2(?:2[4-9]|[3-5]\d)\.|2001:db8:)/ },
];

/**
 * Where a network address is, in words, for the list of sessions and for letters (SPEC I6): the country, as the registries
 * of addresses have it. A hint for whoever wonders about a sign-in; nothing is decided by it.
 */
export function placeWords(address: string): PlaceWords {
  if (isIP(address) === 0) return unknownPlace;
  const special = specialPlaces.find(({ addresses }) => addresses.test(address));
  if (special) return special.words;
  const code = countries().get(address)?.country_code;
  const en = code && countryNames('en').of(code);
  const ru = code && countryNames('ru').of(code);
  return en && ru ? { en, ru } : unknownPlace;
}

let reader: Reader<{ country_code?: string } & Response> | undefined;

/**
 * The data are 7.8 MB and stay in memory as they are in the file: with them and the countries' names a process holds some
 * 16 MiB more, and a look-up takes microseconds. They are read when the first place is asked for.
 *
 * They come from the registries by way of nro.net (Creative Commons Attribution 4.0).
 */
function countries() {
  if (!reader) {
    const file = createRequire(import.meta.url).resolve('@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb');
    reader = new Reader(readFileSync(file));
  }
  return reader;
}

const names = new Map<Locale, Intl.DisplayNames>();

function countryNames(locale: Locale): Intl.DisplayNames {
  let found = names.get(locale);
  if (!found) names.set(locale, (found = new Intl.DisplayNames(locale, { type: 'region', fallback: 'none' })));
  return found;
}
