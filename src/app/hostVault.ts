import { AppError } from '../contract/index.js';
import type { HostVault } from '../vault/index.js';

/** `hub.vault`: encryption for the host's own code, with the keys of the hub. */
export interface HubVault extends HostVault {
  /** Overwrites a buffer with zeros. Throws a TypeError for a string, which JavaScript cannot overwrite. */
  wipe(buffer: Uint8Array | ArrayBuffer): void;
}

/** An error of `hub.vault`. `code` and `name` are stable; the message is for people. */
export class VaultError extends Error {
  readonly code: number;

  constructor({ spec, kind, message }: Pick<AppError, 'spec' | 'kind' | 'message'>) {
    super(message);
    this.name = kind;
    this.code = spec.code;
  }
}

/** Creates `hub.vault`. `host` throws, with a message for the developer, while Parse Server has not started. */
export function createHubVault(host: () => HostVault): HubVault {
  async function run<Result>(work: (vault: HostVault) => Promise<Result>): Promise<Result> {
    const vault = host();
    try {
      return await work(vault);
    } catch (error) {
      throw error instanceof AppError ? new VaultError(error) : error;
    }
  }
  return {
    encrypt: (request) => run((vault) => vault.encrypt(request)),
    decrypt: (text, context) => run((vault) => vault.decrypt(text, context)),
    validate: (text, context) => run((vault) => vault.validate(text, context)),
    rotate: (request) => run((vault) => vault.rotate(request)),
    wipe(buffer) {
      const bytes: unknown = buffer instanceof ArrayBuffer ? new Uint8Array(buffer) : buffer;
      if (!(bytes instanceof Uint8Array)) throw new TypeError(NOT_BYTES);
      bytes.fill(0);
    },
  };
}

const NOT_BYTES =
  'hub.vault.wipe overwrites a Buffer, Uint8Array or ArrayBuffer. A string cannot be overwritten in JavaScript: keep secrets in a Uint8Array.';
