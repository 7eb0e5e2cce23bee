import { z } from 'zod';

import { defineAction, path } from '../../src/contract/index.js';
import {
  HERE,
  HERE_URL,
  range,
  rendering,
  SHEET_ID,
  SHEETS_READ,
  SHEETS_REFERENCE,
  SHEETS_WRITE,
  spreadsheetId,
  valueRange,
} from './cells.js';

export const getValues = defineAction({
  name: 'getValues',
  summary: 'Reads the values of a range.',
  docs: `${SHEETS_REFERENCE}/spreadsheets.values/get`,
  risk: 'read',
  scopes: SHEETS_READ,
  input: () => z.strictObject({ spreadsheetId, range, ...rendering }),
  output: () => valueRange,
  request: ({ spreadsheetId: of, range: at, ...query }) => ({
    method: 'GET',
    server: 'sheets',
    path: path`/spreadsheets/${of}/values/${at}`,
    query,
  }),
  example: {
    input: { ...HERE, range: 'Sheet1!A1:D3', majorDimension: 'COLUMNS' },
    sends: {
      method: 'GET',
      url: `${HERE_URL}/values/Sheet1%21A1%3AD3?majorDimension=COLUMNS`,
    },
    response: {
      body: {
        range: 'Sheet1!A1:D3',
        majorDimension: 'COLUMNS',
        values: [
          ['Item', 'Wheel', 'Door'],
          ['Cost', '$20.50', '$15'],
          ['Stocked', '4', '2'],
          ['Ship Date', '3/1/2016', '3/15/2016'],
        ],
      },
    },
  },
});

export const batchGetValues = defineAction({
  name: 'batchGetValues',
  summary: 'Reads the values of several ranges.',
  docs: `${SHEETS_REFERENCE}/spreadsheets.values/batchGet`,
  risk: 'read',
  scopes: SHEETS_READ,
  input: () => z.strictObject({ spreadsheetId, ranges: z.array(range).min(1), ...rendering }),
  output: () => z.looseObject({ spreadsheetId: z.string(), valueRanges: z.array(valueRange) }),
  request: ({ spreadsheetId: of, ...query }) => ({
    method: 'GET',
    server: 'sheets',
    path: path`/spreadsheets/${of}/values:batchGet`,
    query,
  }),
  example: {
    input: {
      ...HERE,
      ranges: ['Sheet1!B:B', 'Sheet1!D:D'],
      valueRenderOption: 'UNFORMATTED_VALUE',
      majorDimension: 'COLUMNS',
    },
    sends: {
      method: 'GET',
      url: `${HERE_URL}/values:batchGet?ranges=Sheet1%21B%3AB&ranges=Sheet1%21D%3AD&majorDimension=COLUMNS&valueRenderOption=UNFORMATTED_VALUE`,
    },
    response: {
      body: {
        spreadsheetId: SHEET_ID,
        valueRanges: [
          {
            range: 'Sheet1!B1:B1000',
            majorDimension: 'COLUMNS',
            values: [['Cost', 20.5, 15, 100, 135.5]],
          },
          {
            range: 'Sheet1!D1:D1000',
            majorDimension: 'COLUMNS',
            values: [['Ship Date', 42_430, 42_444, 42_449, 42_449]],
          },
        ],
      },
    },
  },
});

export const clearValues = defineAction({
  name: 'clearValues',
  summary: 'Empties a range; its format stays.',
  docs: `${SHEETS_REFERENCE}/spreadsheets.values/clear`,
  risk: 'write',
  idempotent: true,
  scopes: SHEETS_WRITE,
  input: () => z.strictObject({ spreadsheetId, range }),
  output: () => z.looseObject({ spreadsheetId: z.string(), clearedRange: z.string() }),
  request: ({ spreadsheetId: of, range: at }) => ({
    method: 'POST',
    server: 'sheets',
    path: path`/spreadsheets/${of}/values/${at}:clear`,
    body: { json: {} },
  }),
  example: {
    input: { ...HERE, range: 'Sheet1!A1:D5' },
    sends: {
      method: 'POST',
      url: `${HERE_URL}/values/Sheet1%21A1%3AD5:clear`,
      json: {},
    },
    response: { body: { spreadsheetId: SHEET_ID, clearedRange: 'Sheet1!A1:D5' } },
  },
});
