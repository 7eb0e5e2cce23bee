import { z } from 'zod';

import { AppError, describeIssue, isDeeperThan } from '../contract/index.js';
import { DoesNotOpen } from './aead.js';
import type { EncryptionContext } from './context.js';
import { vaultErrors } from './errors.js';
import { parseSealed } from './sealedText.js';
import type { Vault } from './vault.js';

/** JSON, as `JSON.parse` returns it. */
export type VaultJson =
  string | number | boolean | null | readonly VaultJson[] | { readonly [name: string]: VaultJson };

/** A value that `hub.vault` encrypts: text, bytes or JSON, at most 1 MiB. */
export type VaultValue = VaultJson | Uint8Array;

/** Where an encrypted value belongs. It decrypts with exactly the same context only. */
export interface VaultContext {
  /** The use of the value, such as `bankAccount.iban`: up to 200 characters. */
  readonly purpose: string;
  readonly userId?: string | undefined;
  readonly organizationId?: string | undefined;
}

/** The result of `validate`. */
export type VaultValidation =
  | {
      readonly valid: true;
      /** The id of its encryption key. */
      readonly keyId: string;
      /** Whether that is the key which encrypts now; otherwise `rotate` re-encrypts it. */
      readonly isCurrent: boolean;
    }
  | { readonly valid: false };

/** Encryption for the host's own code, with the keys of the hub; see src/vault/README.md. */
export interface HostVault {
  /** Encrypts a value. Never returns the same text twice; its length reveals the length of the value. */
  encrypt(request: { readonly value: VaultValue; readonly context: VaultContext }): Promise<string>;
  /** Returns the value, of the kind that was encrypted. Throws ValueNotDecrypted. */
  decrypt(text: string, context: VaultContext): Promise<VaultValue>;
  /** Returns whether a text decrypts with a context, without its value. */
  validate(text: string, context: VaultContext): Promise<VaultValidation>;
  /** Re-encrypts a text under the current key. Returns the same text when it is already. Throws ValueNotDecrypted. */
  rotate(request: { readonly text: string; readonly context: VaultContext }): Promise<string>;
}

export interface HostVaultDeps {
  readonly vault: Vault;
  currentKeyId(): Promise<string>;
  /** Notes that a key encrypts values of the host, so that it is kept. Returns false when it is retired already. */
  keep(keyId: string): Promise<boolean>;
}

const VALUE_BYTES_MAX = 1024 * 1024;
const DEPTH_MAX = 200;

export function createHostVault({ vault, currentKeyId, keep }: HostVaultDeps): HostVault {
  /** A key that another process retired meanwhile is not in use here for longer than a second. */
  async function sealAndKeep(bytes: Uint8Array, context: EncryptionContext): Promise<string> {
    for (let tries = 0; tries < 5; tries += 1) {
      const text = await vault.sealBytes(bytes, context);
      if (await keep(parseSealed(text).keyId)) return text;
    }
    throw new Error('The encryption key was retired while it was used.');
  }

  return {
    async encrypt({ value, context }) {
      const bound = encryptionContextOf(context);
      const bytes = encode(value);
      try {
        return await sealAndKeep(bytes, bound);
      } finally {
        bytes.fill(0);
      }
    },

    async decrypt(text, context) {
      const bytes = await open(vault, text, encryptionContextOf(context));
      return decode(bytes);
    },

    async validate(text, context) {
      const bound = encryptionContextOf(context);
      try {
        (await open(vault, text, bound)).fill(0);
      } catch (error) {
        if (isNotDecrypted(error)) return { valid: false };
        throw error;
      }
      const { keyId } = parseSealed(text);
      return { valid: true, keyId, isCurrent: keyId === (await currentKeyId()) };
    },

    async rotate({ text, context }) {
      const bound = encryptionContextOf(context);
      const bytes = await open(vault, text, bound);
      try {
        const isCurrent = parseSealed(text).keyId === (await currentKeyId());
        return isCurrent ? text : await sealAndKeep(bytes, bound);
      } finally {
        bytes.fill(0);
      }
    },
  };
}

async function open(vault: Vault, text: unknown, context: EncryptionContext): Promise<Buffer> {
  if (typeof text !== 'string') throw vaultErrors.ValueNotDecrypted();
  try {
    return await vault.openBytes(text, context);
  } catch (error) {
    // Anything else, such as a key service that is not reached, is no statement about the value.
    throw error instanceof DoesNotOpen ? vaultErrors.ValueNotDecrypted() : error;
  }
}

function isNotDecrypted(error: unknown): boolean {
  return error instanceof AppError && error.spec === vaultErrors.ValueNotDecrypted.spec;
}

/** Unpaired surrogates all have the same bytes in UTF-8, so two contexts could be one. */
const name = z
  .string()
  .min(1)
  .max(200)
  .refine((text) => !/\p{Surrogate}/u.test(text), 'must not contain an unpaired surrogate');
const contextShape = z.strictObject({
  purpose: name,
  userId: name.optional(),
  organizationId: name.optional(),
});

/**
 * Returns the context (AAD) of a value of the host. No class of the hub is named so: a value of the hub's own never
 * decrypts through it, nor the reverse. Throws VaultInputNotUsable.
 */
export function encryptionContextOf(given: VaultContext): EncryptionContext {
  const parsed = contextShape.safeParse(given);
  if (!parsed.success)
    throw notUsable(parsed.error.issues.map(describeIssue).join('; '), 'context');
  const { purpose, userId, organizationId } = parsed.data;
  return {
    organization: orAbsent(organizationId),
    className: 'host:value',
    field: purpose,
    recordId: orAbsent(userId),
  };
}

/** An absent id differs from every id. Key services may refuse an empty text in their context. */
function orAbsent(id: string | undefined): string {
  return id === undefined ? '-' : `=${id}`;
}

const TEXT = 0x73;
const BYTES = 0x62;
const JSON_TEXT = 0x6a;

/** Returns the kind of the value in one byte, then its bytes. Throws VaultInputNotUsable. */
function encode(value: VaultValue): Buffer {
  const bytes = bytesOf(value);
  if (bytes.length > VALUE_BYTES_MAX) {
    throw notUsable(
      'must be at most 1 MiB: encrypt a key with which you encrypt larger data',
      'value',
    );
  }
  return bytes;
}

function bytesOf(value: VaultValue): Buffer {
  if (typeof value === 'string') {
    if (/\p{Surrogate}/u.test(value))
      throw notUsable('must not have half of a surrogate pair', 'value');
    return Buffer.concat([Buffer.of(TEXT), Buffer.from(value)]);
  }
  if (value instanceof Uint8Array) return Buffer.concat([Buffer.of(BYTES), value]);
  if (isDeeperThan(value, DEPTH_MAX) || !z.json().safeParse(value).success) {
    throw notUsable('must be a string, a Uint8Array or JSON', 'value');
  }
  return Buffer.concat([Buffer.of(JSON_TEXT), Buffer.from(JSON.stringify(value))]);
}

function decode(bytes: Buffer): VaultValue {
  const [kind] = bytes;
  const rest = bytes.subarray(1);
  if (kind === BYTES) return Uint8Array.from(rest);
  const text = rest.toString();
  bytes.fill(0);
  return kind === JSON_TEXT ? (JSON.parse(text) as VaultJson) : text;
}

function notUsable(problem: string, parameter: string): Error {
  return vaultErrors.VaultInputNotUsable({
    problems: `${parameter}: ${problem.replace(/\.$/, '')}`,
  });
}
