import parse from 'parse/node';

/** What is there at run time; the SDK's types have it on an interface that `parse/node` does not export. */
interface Initializable {
  initialize(applicationId: string, javaScriptKey?: string, masterKey?: string): void;
  serverURL: string;
}

/** The Parse SDK for Node. In a process that runs Parse Server it would call that directly, past HTTP. */
export const Parse = parse as unknown as typeof parse & Initializable;
