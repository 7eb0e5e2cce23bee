import { defineErrors } from '../contract/index.js';

/** 7900 to 7999. */
export const extensionErrors = defineErrors({
  ExtensionNotFound: {
    code: 7901,
    status: 404,
    message:
      'This organization has not installed the extension {connector}: call installExtension.',
  },
  ExtensionInstalled: {
    code: 7902,
    status: 409,
    message:
      'The extension {connector} is already installed: call configureExtension to change it.',
  },
  ExtensionChanged: {
    code: 7903,
    status: 409,
    message: 'Another request changed this extension at the same time. Load it again and retry.',
  },
  DependencyMissing: {
    code: 7904,
    status: 422,
    message: 'The extension {connector} needs {missing}: install {missing} first.',
  },
  ExtensionNeeded: {
    code: 7905,
    status: 409,
    message: 'The extension {connector} is needed by {by}: uninstall {by} first.',
  },
  ExtensionInUse: {
    code: 7906,
    status: 409,
    message:
      'There are connections to {connector}: disconnect them first, or pass force to disconnect all of them.',
  },
  VersionNotKnown: {
    code: 7907,
    status: 422,
    message: 'The connector {connector} is at version {version}: pass that version, or none.',
  },
});
