export { awsS3 } from './s3.js';
