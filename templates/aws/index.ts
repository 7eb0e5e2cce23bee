export { awsS3 } from './s3.js';
export { awsSqs } from './sqs.js';
