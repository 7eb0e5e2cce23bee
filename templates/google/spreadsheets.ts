import { z } from 'zod';

import { defineAction, path } from '../../src/contract/index.js';
import {
  SHEET_ID,
  SHEETS,
  SHEETS_READ,
  SHEETS_REFERENCE,
  SHEETS_WRITE,
  spreadsheetId,
} from './cells.js';

const sheet = z.looseObject({
  properties: z.looseObject({ sheetId: z.number(), title: z.string(), index: z.number() }),
});

const spreadsheet = z.looseObject({
  spreadsheetId: z.string(),
  spreadsheetUrl: z.string(),
  properties: z.looseObject({ title: z.string() }),
  sheets: z.array(sheet),
});

const STOCK = {
  spreadsheetId: SHEET_ID,
  properties: { title: 'Stock', locale: 'en_US', autoRecalc: 'ON_CHANGE', timeZone: 'Etc/GMT' },
  sheets: [
    {
      properties: {
        sheetId: 0,
        title: 'Sheet1',
        index: 0,
        sheetType: 'GRID',
        gridProperties: { rowCount: 1000, columnCount: 26 },
      },
    },
  ],
  spreadsheetUrl: `https://docs.google.com/spreadsheets/d/${SHEET_ID}/edit`,
};

export const getSpreadsheet = defineAction({
  name: 'getSpreadsheet',
  summary: 'Reads the title and the sheets of a spreadsheet.',
  docs: `${SHEETS_REFERENCE}/spreadsheets/get`,
  risk: 'read',
  scopes: SHEETS_READ,
  input: () =>
    z.strictObject({
      spreadsheetId,
      ranges: z.array(z.string().min(1)).optional(),
      includeGridData: z
        .boolean()
        .optional()
        .describe('Whether to include the cells, which can be large.'),
    }),
  output: () => spreadsheet,
  request: ({ spreadsheetId: of, ...query }) => ({
    method: 'GET',
    server: 'sheets',
    path: path`/spreadsheets/${of}`,
    query,
  }),
  example: {
    input: { spreadsheetId: SHEET_ID, includeGridData: false },
    sends: {
      method: 'GET',
      url: `${SHEETS}/1mHrPXQILuprO4NdqTgrVKlGazvvzgCFqIphGdsmptD8?includeGridData=false`,
    },
    response: { body: STOCK },
  },
});

export const createSpreadsheet = defineAction({
  name: 'createSpreadsheet',
  summary: 'Creates a spreadsheet in the root folder; updateFile moves it.',
  docs: `${SHEETS_REFERENCE}/spreadsheets/create`,
  risk: 'write',
  scopes: SHEETS_WRITE,
  input: () =>
    z.strictObject({
      properties: z.strictObject({
        title: z.string().min(1),
        locale: z.string().optional().describe('Such as en_US.'),
        timeZone: z.string().optional().describe('Such as Europe/Zurich.'),
      }),
      sheets: z
        .array(
          z.strictObject({
            properties: z.strictObject({
              title: z.string().min(1),
              sheetId: z.int().min(0).optional(),
              gridProperties: z
                .strictObject({
                  rowCount: z.int().min(1).optional(),
                  columnCount: z.int().min(1).optional(),
                  frozenRowCount: z.int().min(0).optional(),
                  frozenColumnCount: z.int().min(0).optional(),
                })
                .optional(),
            }),
          }),
        )
        .optional()
        .describe('Default: one sheet named Sheet1.'),
    }),
  output: () => spreadsheet,
  request: (json) => ({
    method: 'POST',
    server: 'sheets',
    path: path`/spreadsheets`,
    body: { json },
  }),
  example: {
    input: { properties: { title: 'Stock' } },
    sends: { method: 'POST', url: SHEETS, json: { properties: { title: 'Stock' } } },
    response: { body: STOCK },
  },
});

export const batchUpdateSpreadsheet = defineAction({
  name: 'batchUpdateSpreadsheet',
  summary:
    'Makes other changes: adds sheets, formats, sorts, protects, finds and replaces; all or none.',
  docs: `${SHEETS_REFERENCE}/spreadsheets/batchUpdate`,
  risk: 'write',
  scopes: SHEETS_WRITE,
  input: () =>
    z.strictObject({
      spreadsheetId,
      requests: z
        .array(z.record(z.string(), z.looseObject({})))
        .min(1)
        .describe('Such as `{ addSheet: { properties: { title: "May" } } }`.'),
      includeSpreadsheetInResponse: z.boolean().optional(),
      responseIncludeGridData: z.boolean().optional(),
      responseRanges: z.array(z.string().min(1)).optional(),
    }),
  output: () =>
    z.looseObject({
      spreadsheetId: z.string(),
      replies: z.array(z.looseObject({})).describe('One reply for each request; many are empty.'),
    }),
  request: ({ spreadsheetId: of, ...json }) => ({
    method: 'POST',
    server: 'sheets',
    path: path`/spreadsheets/${of}:batchUpdate`,
    body: { json },
  }),
  example: {
    // https://developers.google.com/workspace/sheets/api/samples/sheet
    input: {
      spreadsheetId: SHEET_ID,
      requests: [
        {
          addSheet: {
            properties: {
              title: 'Deposits',
              gridProperties: { rowCount: 20, columnCount: 12 },
              tabColor: { red: 1, green: 0.3, blue: 0.4 },
            },
          },
        },
      ],
    },
    sends: {
      method: 'POST',
      url: `${SHEETS}/1mHrPXQILuprO4NdqTgrVKlGazvvzgCFqIphGdsmptD8:batchUpdate`,
      json: {
        requests: [
          {
            addSheet: {
              properties: {
                title: 'Deposits',
                gridProperties: { rowCount: 20, columnCount: 12 },
                tabColor: { red: 1, green: 0.3, blue: 0.4 },
              },
            },
          },
        ],
      },
    },
    response: {
      body: {
        spreadsheetId: SHEET_ID,
        replies: [{ addSheet: { properties: { sheetId: 2_058_142_109, title: 'Deposits' } } }],
      },
    },
  },
});
