import { expect, it } from 'vitest';

import { fullName } from '../../../src/remediation/imageReference';
import { asking } from '../../../src/remediation/imageTags';
import type { ImageTags, TagAnswer } from '../../../src/remediation/imageTags';

const { signal } = new AbortController();
const image = (name: string) => ({ registry: 'r.example', name });
const answer: TagAnswer = { kind: 'listed', tags: ['1'], isComplete: true };

it('a plan asks for each image once', async () => {
  const asked: string[] = [];
  const tags: ImageTags = {
    tagsOf: (each) => {
      asked.push(fullName(each));
      return Promise.resolve(answer);
    },
  };
  const ask = asking(tags, signal);
  for (const name of ['a', 'b', 'a', 'b']) {
    expect(await ask(image(name))).toEqual({ image: image(name), answer });
  }
  expect(asked).toEqual(['r.example/a', 'r.example/b']);
});

it('nobody is asked where the person does not want it', async () => {
  const said = await asking(undefined, signal)(image('a'));
  expect(said).toEqual({ image: image('a'), answer: { kind: 'unasked' } });
});
