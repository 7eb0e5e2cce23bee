import parse from 'parse/node';

/** Members that exist at run time. The SDK's types declare them on an interface that `parse/node` does not export. */
interface Initializable {
  initialize(applicationId: string, javaScriptKey?: string, masterKey?: string): void;
  serverURL: string;
}

/** The Parse SDK for Node. In a process that runs Parse Server it calls the server directly, without HTTP. */
export const Parse = parse as unknown as typeof parse & Initializable;
