import { z } from 'zod';

import { defineAction, path } from '../../src/contract/index.js';
import {
  HERE,
  HERE_URL,
  majorDimension,
  range,
  ROWS,
  SHEET_ID,
  SHEETS_REFERENCE,
  SHEETS_WRITE,
  spreadsheetId,
  updated,
  valueInputOption,
  values,
} from './cells.js';

export const updateValues = defineAction({
  name: 'updateValues',
  summary: 'Writes values into a range, replacing existing ones.',
  docs: `${SHEETS_REFERENCE}/spreadsheets.values/update`,
  risk: 'write',
  idempotent: true,
  scopes: SHEETS_WRITE,
  input: () =>
    z.strictObject({
      spreadsheetId,
      range,
      values,
      majorDimension,
      valueInputOption,
      includeValuesInResponse: z.boolean().optional(),
    }),
  output: () => updated,
  request: ({ spreadsheetId: of, range: at, values: given, majorDimension: by, ...query }) => ({
    method: 'PUT',
    server: 'sheets',
    path: path`/spreadsheets/${of}/values/${at}`,
    query,
    body: { json: { range: at, majorDimension: by, values: given } },
  }),
  example: {
    input: {
      ...HERE,
      range: 'Sheet1!A1:D5',
      majorDimension: 'ROWS',
      values: ROWS,
      valueInputOption: 'USER_ENTERED',
    },
    sends: {
      method: 'PUT',
      url: `${HERE_URL}/values/Sheet1%21A1%3AD5?valueInputOption=USER_ENTERED`,
      json: { range: 'Sheet1!A1:D5', majorDimension: 'ROWS', values: ROWS },
    },
    response: {
      body: {
        spreadsheetId: SHEET_ID,
        updatedRange: 'Sheet1!A1:D5',
        updatedRows: 5,
        updatedColumns: 4,
        updatedCells: 20,
      },
    },
  },
});

export const batchUpdateValues = defineAction({
  name: 'batchUpdateValues',
  summary: 'Writes values into several ranges, replacing existing ones; all or none.',
  docs: `${SHEETS_REFERENCE}/spreadsheets.values/batchUpdate`,
  risk: 'write',
  idempotent: true,
  scopes: SHEETS_WRITE,
  input: () =>
    z.strictObject({
      spreadsheetId,
      data: z.array(z.strictObject({ range, values, majorDimension })).min(1),
      valueInputOption,
      includeValuesInResponse: z.boolean().optional(),
    }),
  output: () => z.looseObject({ spreadsheetId: z.string(), responses: z.array(updated) }),
  request: ({ spreadsheetId: of, ...json }) => ({
    method: 'POST',
    server: 'sheets',
    path: path`/spreadsheets/${of}/values:batchUpdate`,
    body: { json },
  }),
  example: {
    input: {
      ...HERE,
      valueInputOption: 'USER_ENTERED',
      data: [
        { range: 'Sheet1!A1:A4', majorDimension: 'COLUMNS', values: [['Item', 'Wheel', 'Door']] },
        { range: 'Sheet1!B1:D2', majorDimension: 'ROWS', values: [['Cost', 'Stocked']] },
      ],
    },
    sends: {
      method: 'POST',
      url: `${HERE_URL}/values:batchUpdate`,
      json: {
        valueInputOption: 'USER_ENTERED',
        data: [
          {
            range: 'Sheet1!A1:A4',
            majorDimension: 'COLUMNS',
            values: [['Item', 'Wheel', 'Door']],
          },
          { range: 'Sheet1!B1:D2', majorDimension: 'ROWS', values: [['Cost', 'Stocked']] },
        ],
      },
    },
    response: {
      body: {
        spreadsheetId: SHEET_ID,
        totalUpdatedRows: 3,
        totalUpdatedColumns: 3,
        totalUpdatedCells: 5,
        totalUpdatedSheets: 1,
        responses: [
          {
            spreadsheetId: SHEET_ID,
            updatedRange: 'Sheet1!A1:A3',
            updatedRows: 3,
            updatedColumns: 1,
            updatedCells: 3,
          },
          {
            spreadsheetId: SHEET_ID,
            updatedRange: 'Sheet1!B1:C1',
            updatedRows: 1,
            updatedColumns: 2,
            updatedCells: 2,
          },
        ],
      },
    },
  },
});

export const appendValues = defineAction({
  name: 'appendValues',
  summary: 'Appends rows to the table in a range.',
  docs: `${SHEETS_REFERENCE}/spreadsheets.values/append`,
  risk: 'write',
  scopes: SHEETS_WRITE,
  input: () =>
    z.strictObject({
      spreadsheetId,
      range,
      values: values.min(1),
      majorDimension,
      valueInputOption,
      insertDataOption: z
        .enum(['OVERWRITE', 'INSERT_ROWS'])
        .optional()
        .describe('INSERT_ROWS moves rows below the table down; default OVERWRITE.'),
      includeValuesInResponse: z.boolean().optional(),
    }),
  output: () =>
    z.looseObject({
      spreadsheetId: z.string(),
      tableRange: z.string().optional(),
      updates: updated,
    }),
  request: ({ spreadsheetId: of, range: at, values: given, majorDimension: by, ...query }) => ({
    method: 'POST',
    server: 'sheets',
    path: path`/spreadsheets/${of}/values/${at}:append`,
    query,
    body: { json: { range: at, majorDimension: by, values: given } },
  }),
  example: {
    input: {
      ...HERE,
      range: 'Sheet1!A1:E1',
      majorDimension: 'ROWS',
      values: [
        ['Door', '$15', '2', '3/15/2016'],
        ['Engine', '$100', '1', '3/20/2016'],
      ],
      valueInputOption: 'USER_ENTERED',
    },
    sends: {
      method: 'POST',
      url: `${HERE_URL}/values/Sheet1%21A1%3AE1:append?valueInputOption=USER_ENTERED`,
      json: {
        range: 'Sheet1!A1:E1',
        majorDimension: 'ROWS',
        values: [
          ['Door', '$15', '2', '3/15/2016'],
          ['Engine', '$100', '1', '3/20/2016'],
        ],
      },
    },
    response: {
      body: {
        spreadsheetId: SHEET_ID,
        tableRange: 'Sheet1!A1:D2',
        updates: {
          spreadsheetId: SHEET_ID,
          updatedRange: 'Sheet1!A3:D4',
          updatedRows: 2,
          updatedColumns: 4,
          updatedCells: 8,
        },
      },
    },
  },
});
