import { z } from 'zod';

import { defineAction, path, type ProviderResponse } from '../../src/contract/index.js';
import { bytes, filePart, model, text, textParts, upload } from './shapes.js';

const sound = upload.describe('flac, mp3, mp4, mpeg, mpga, m4a, ogg, wav or webm, up to 25 MB.');
const written = z.looseObject({ text: z.string() });

/** With `text`, `srt` and `vtt` the response is the text itself. */
function textOf({ body }: ProviderResponse): unknown {
  return typeof body === 'string' ? { text: body } : body;
}

export const transcribeAudio = defineAction({
  name: 'transcribeAudio',
  summary: 'Transcribes speech.',
  docs: 'https://platform.openai.com/docs/api-reference/audio/createTranscription',
  // It changes nothing.
  risk: 'read',
  input: () =>
    z.strictObject({
      file: sound,
      model,
      language: z
        .string()
        .optional()
        .describe('ISO 639-1 code, such as `en`; improves the result.'),
      prompt: z.string().optional().describe('Names and style, in the language of the audio.'),
      response_format: z
        .enum(['json', 'text', 'srt', 'verbose_json', 'vtt', 'diarized_json'])
        .optional(),
      temperature: z.number().min(0).max(1).optional(),
      timestamp_granularities: z.array(z.enum(['word', 'segment'])).optional(),
      include: z.array(z.enum(['logprobs'])).optional(),
      chunking_strategy: z.literal('auto').optional(),
      known_speaker_names: z.array(text).max(4).optional(),
      known_speaker_references: z.array(text).max(4).optional(),
    }),
  output: () => written,
  request: ({ file, ...fields }) => ({
    method: 'POST',
    path: path`/audio/transcriptions`,
    body: { multipart: [filePart('file', file), ...textParts(fields)] },
  }),
  response: textOf,
  example: {
    input: {
      file: { filename: 'audio.mp3', base64: 'SUQzBAAAAAA=', contentType: 'audio/mpeg' },
      model: 'whisper-1',
      timestamp_granularities: ['word', 'segment'],
      response_format: 'verbose_json',
    },
    sends: {
      method: 'POST',
      url: 'https://api.openai.com/v1/audio/transcriptions',
      parts: [
        {
          name: 'file',
          filename: 'audio.mp3',
          contentType: 'audio/mpeg',
          content: { base64: 'SUQzBAAAAAA=' },
        },
        { name: 'model', content: { text: 'whisper-1' } },
        { name: 'response_format', content: { text: 'verbose_json' } },
        { name: 'timestamp_granularities[]', content: { text: 'word' } },
        { name: 'timestamp_granularities[]', content: { text: 'segment' } },
      ],
    },
    response: {
      body: {
        task: 'transcribe',
        language: 'english',
        duration: 8.470_000_267_028_809,
        text: 'The beach was a popular spot on a hot summer day. People were swimming in the ocean, building sandcastles, and playing beach volleyball.',
        words: [{ word: 'The', start: 0, end: 0.239_999_994_635_581_97 }],
      },
    },
  },
});

export const translateAudio = defineAction({
  name: 'translateAudio',
  summary: 'Transcribes speech in other languages into English.',
  docs: 'https://platform.openai.com/docs/api-reference/audio/createTranslation',
  risk: 'read',
  input: () =>
    z.strictObject({
      file: sound,
      model,
      prompt: z.string().optional(),
      response_format: z.enum(['json', 'text', 'srt', 'verbose_json', 'vtt']).optional(),
      temperature: z.number().min(0).max(1).optional(),
    }),
  output: () => written,
  request: ({ file, ...fields }) => ({
    method: 'POST',
    path: path`/audio/translations`,
    body: { multipart: [filePart('file', file), ...textParts(fields)] },
  }),
  response: textOf,
  example: {
    input: {
      file: { filename: 'german.m4a', base64: 'AAAAHGZ0eXA=' },
      model: 'whisper-1',
    },
    sends: {
      method: 'POST',
      url: 'https://api.openai.com/v1/audio/translations',
      parts: [
        {
          name: 'file',
          filename: 'german.m4a',
          content: { base64: 'AAAAHGZ0eXA=' },
        },
        { name: 'model', content: { text: 'whisper-1' } },
      ],
    },
    response: {
      body: {
        text: 'Hello, my name is Wolfgang and I come from Germany. Where are you heading today?',
      },
    },
  },
});

export const createSpeech = defineAction({
  name: 'createSpeech',
  summary: 'Reads a text aloud.',
  docs: 'https://platform.openai.com/docs/api-reference/audio/createSpeech',
  risk: 'read',
  input: () =>
    z.strictObject({
      model,
      input: z.string().min(1).max(4096),
      voice: z.union([text, z.strictObject({ id: text })]).describe('`alloy`, or one of your own.'),
      instructions: z.string().max(4096).optional().describe('How to speak.'),
      response_format: z.enum(['mp3', 'opus', 'aac', 'flac', 'wav', 'pcm']).optional(),
      speed: z.number().min(0.25).max(4).optional(),
    }),
  output: () => bytes,
  request: (json) => ({
    method: 'POST',
    path: path`/audio/speech`,
    headers: { accept: 'application/octet-stream' },
    body: { json },
  }),
  example: {
    input: {
      model: 'gpt-4o-mini-tts',
      input: 'The quick brown fox jumped over the lazy dog.',
      voice: 'alloy',
    },
    sends: {
      method: 'POST',
      url: 'https://api.openai.com/v1/audio/speech',
      json: {
        model: 'gpt-4o-mini-tts',
        input: 'The quick brown fox jumped over the lazy dog.',
        voice: 'alloy',
      },
    },
    response: {
      headers: { 'content-type': 'audio/mpeg' },
      body: { base64: '//PkxAAAAAAAAAAAAAA=', contentType: 'audio/mpeg' },
    },
  },
});
