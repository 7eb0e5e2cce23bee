import { defineErrors } from '../contract/index.js';

/** 7400 to 7499: schedules. */
export const scheduleErrors = defineErrors({
  CronInvalid: {
    code: 7401,
    status: 422,
    message:
      'The cron expression "{expression}" cannot be used: {problem}. Give five fields: minute, hour, day of month, month and day of week. A sixth in front of them is seconds.',
  },
});
