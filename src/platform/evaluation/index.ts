export { EvaluationFailed } from './evaluator.js';
export { createEvaluators, type Evaluators } from './evaluators.js';
export { InlineWork } from './inlineWork.js';
export { type CompiledSchema, type LinearPattern, schemaEngine } from './schemaEngine.js';
