// The long form of the specs: see jest.config.mjs.
import { configOf } from './jest.config.mjs';

export default () => configOf({ isLong: true });
