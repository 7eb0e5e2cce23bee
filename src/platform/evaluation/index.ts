export { EvaluationFailed } from './evaluator.js';
export { createEvaluators, type Evaluators } from './evaluators.js';
export { stringifyInPieces } from './jsonPieces.js';
export { OPENAPI_FORMATS, schemaEngine, type SchemaViolation } from './schemaEngine.js';
export { createValidations, type Validation, type Validations } from './validations.js';
