import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { BlockList, isIP } from 'node:net';
import { Reader, type Response } from 'maxmind';
import type { Locale } from '../../domain/locale.ts';

/** A place in each language. */
export type PlaceWords = Readonly<Record<Locale, string>>;

const unknownPlace: PlaceWords = { en: 'an unknown place', ru: 'неизвестное место' };

/** Addresses that lie in no country (RFC 6890), by what they are. */
const specialPlaces: readonly { words: PlaceWords; networks: readonly string[] }[] = [
  { words: { en: 'this machine', ru: 'этот компьютер' }, networks: ['127.0.0.0/8', '::1/128'] },
  {
    words: { en: 'a private network', ru: 'частная сеть' },
    networks: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16', '100.64.0.0/10', 'fc00::/7', 'fe80::/10'],
  },
  {
    words: unknownPlace,
    networks: [
      '0.0.0.0/8',
      '192.0.0.0/24',
      '192.0.2.0/24',
      '198.18.0.0/15',
      '198.51.100.0/24',
      '203.0.113.0/24',
      '224.0.0.0/3',
      '2001:db8::/32',
    ],
  },
];

const special = specialPlaces.map(({ words, networks }) => {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    list.addSubnet(address, Number(bits), isIP(address) === 6 ? 'ipv6' : 'ipv4');
  }
  return { words, list };
});

/**
 * Where a network address is, in words, for the list of sessions and for letters (SPEC I6): the country, as the registries
 * of addresses have it. A hint for whoever wonders about a sign-in; nothing is decided by it.
 */
export function placeWords(address: string): PlaceWords {
  const family = isIP(address);
  if (family === 0) return unknownPlace;
  const known = special.find(({ list }) => list.check(address, family === 6 ? 'ipv6' : 'ipv4'));
  if (known) return known.words;
  const code = countries().get(address)?.country_code;
  const en = code && countryNames('en').of(code);
  const ru = code && countryNames('ru').of(code);
  return en && ru ? { en, ru } : unknownPlace;
}

let reader: Reader<{ country_code?: string } & Response> | undefined;

/**
 * The data are 7.8 MB and stay in memory as they are in the file: with them and the countries' names a process holds some
 * 14 MiB more, and a look-up takes microseconds. They are read when the first place is asked for.
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
