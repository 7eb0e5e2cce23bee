import { z } from 'zod';

import { id, SCOPE } from './shapes.js';

export const SHEETS_REFERENCE =
  'https://developers.google.com/workspace/sheets/api/reference/rest/v4';
export const SHEETS = 'https://sheets.googleapis.com/v4/spreadsheets';
export const SHEETS_READ = [
  [SCOPE.sheetsRead, SCOPE.sheets, SCOPE.driveFile, SCOPE.driveRead, SCOPE.drive],
] as const;
export const SHEETS_WRITE = [[SCOPE.sheets, SCOPE.driveFile, SCOPE.drive]] as const;

export const spreadsheetId = id.describe('The part of its URL after /d/.');

/** https://developers.google.com/workspace/sheets/api/guides/concepts#cell */
export const range = z
  .string()
  .min(1)
  .describe("Such as `Sheet1!A1:D5`, `'My sheet'!A:A` or `Sheet1`.");

/** `null` leaves a cell as it is, `''` empties it. */
export const values = z.array(z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])));

export const majorDimension = z.enum(['ROWS', 'COLUMNS']).optional().describe('Default ROWS.');

export const valueInputOption = z
  .enum(['RAW', 'USER_ENTERED'])
  .describe('USER_ENTERED reads formulas, dates and numbers as if they were typed in.');

export const rendering = {
  majorDimension,
  valueRenderOption: z.enum(['FORMATTED_VALUE', 'UNFORMATTED_VALUE', 'FORMULA']).optional(),
  dateTimeRenderOption: z.enum(['SERIAL_NUMBER', 'FORMATTED_STRING']).optional(),
};

/** Empty rows and cells at the end are omitted, and so is `values` when all are empty. */
export const valueRange = z.looseObject({
  range: z.string(),
  values: z.array(z.array(z.unknown())).optional(),
});

export const updated = z.looseObject({
  spreadsheetId: z.string(),
  updatedRange: z.string(),
  updatedRows: z.number().optional(),
  updatedColumns: z.number().optional(),
  updatedCells: z.number().optional(),
});

// The documentation's examples: https://developers.google.com/workspace/sheets/api/samples/reading and …/writing, but that
// ! and : are encoded in paths here, which Google reads the same.
export const SHEET_ID = '1mHrPXQILuprO4NdqTgrVKlGazvvzgCFqIphGdsmptD8';
export const HERE = { spreadsheetId: SHEET_ID };
export const HERE_URL = `${SHEETS}/1mHrPXQILuprO4NdqTgrVKlGazvvzgCFqIphGdsmptD8`;
export const ROWS = [
  ['Item', 'Cost', 'Stocked', 'Ship Date'],
  ['Wheel', '$20.50', '4', '3/1/2016'],
  ['Door', '$15', '2', '3/15/2016'],
  ['Engine', '$100', '1', '3/20/2016'],
  ['Totals', '=SUM(B2:B4)', '=SUM(C2:C4)', '=MAX(D2:D4)'],
];
