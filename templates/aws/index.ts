export { awsS3 } from './s3.js';
export { awsSns } from './sns.js';
export { awsSqs } from './sqs.js';
