import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/** Where a sealed text lies. It is part of the seal, so that a secret copied to another row does not open there. */
export interface SealedPlace {
  readonly table: string;
  readonly row: string;
  readonly field: string;
}

/**
 * Seals what the database must hold and must not know: TOTP secrets, mailed codes and links (security.md, secrets at
 * rest). AES-256-GCM; the seal names the key it was made with, so that keys can be changed without a break.
 */
export class Vault {
  private readonly keys: ReadonlyMap<string, Buffer>;
  private readonly current: string;
  private readonly fingerprintKey: Buffer;

  /** @param keys 32 bytes each in hexadecimal, with commas between: the first seals, all of them open */
  constructor(keys: string) {
    const read = keys.split(',').map((key) => Buffer.from(key.trim(), 'hex'));
    if (read.some((key) => key.length !== 32)) throw new RangeError('a key has 32 bytes');
    const named = read.map((key) => [keyId(key), key] as const);
    this.keys = new Map(named);
    this.current = named[0]![0];
    this.fingerprintKey = Buffer.from(hkdfSync('sha256', named[0]![1], '', 'kontor fingerprint', 32));
  }

  seal(place: SealedPlace, text: string): string {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.keys.get(this.current)!, nonce).setAAD(spell(place));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `1.${this.current}.${nonce.toString('base64url')}.${sealed.toString('base64url')}`;
  }

  /** Throws when the seal was made for another place or with a key that is not here any more. */
  open(place: SealedPlace, sealed: string): string {
    const [version, id = '', nonce = '', body = ''] = sealed.split('.');
    const key = this.keys.get(id);
    if (version !== '1' || !key) throw new Error(`no key opens this seal (${version}.${id})`);
    const bytes = Buffer.from(body, 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64url')).setAAD(spell(place));
    decipher.setAuthTag(bytes.subarray(-16));
    return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString('utf8');
  }

  /** A keyed hash for what is too short to be hashed alone: whoever reads a six-digit code's hash must not find the code. */
  fingerprint(about: string, text: string): string {
    return createHmac('sha256', this.fingerprintKey).update(`${about}\n${text}`).digest('hex');
  }
}

function keyId(key: Buffer): string {
  return createHash('sha256').update('kontor key id').update(key).digest('hex').slice(0, 8);
}

function spell({ table, row, field }: SealedPlace): Buffer {
  return Buffer.from(`${table}\n${row}\n${field}`);
}
