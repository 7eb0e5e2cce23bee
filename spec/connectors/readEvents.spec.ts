import { readEvents } from '../../src/connectors/index.js';

// The examples of https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation, and others.
describe('the events of a stream', () => {
  it.each<[string, string, unknown[]]>([
    ['one of several lines', 'data: YHOO\ndata: +2\ndata: 10\n\n', ['YHOO\n+2\n10']],
    [
      'a comment, an id, and half an event at the end',
      ': test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n',
      ['first event', 'second event'],
    ],
    ['empty ones', 'data\n\ndata\ndata\n\ndata:', ['', '\n']],
    ['with and without a space', 'data:test\n\ndata: test\n\n', ['test', 'test']],
    ['JSON', 'data: {"a":1}\n\ndata: [2]\r\n\r\ndata: 3\r\r', [{ a: 1 }, [2], 3]],
    ['until the data that ends them', 'data: {"a":1}\n\ndata: [DONE]\n\ndata: 2\n\n', [{ a: 1 }]],
    ['named ones', 'event: delta\ndata: {"a":1}\n\n', [{ a: 1 }]],
    ['after a byte order mark', '\uFEFFdata: 1\n\n', [1]],
    ['none', '', []],
  ])('%s', (_title, text, expected) => {
    expect(readEvents(text, '[DONE]')).toEqual(expected);
  });
});
