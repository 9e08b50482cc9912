import { describe, expect, it } from 'vitest';

import { revertFixer } from '../../../../src/remediation/fixes/revert';
import { fullName } from '../../../../src/remediation/imageReference';
import type { TagAnswer } from '../../../../src/remediation/imageTags';
import { fixerOf, fixOf, targetOf, told, version } from './given';
import type { Case } from './given';

const values = (tag: string) => `image:\n  repository: r.example/shop\n  tag: "${tag}"\n`;
const failing = (tag: string): Case => ({
  category: 'image-not-found',
  values: values(tag),
  facts: { image: `r.example/shop:${tag}` },
});
const listed = (...tags: string[]): TagAnswer => ({ kind: 'listed', tags, isComplete: true });
const cut = (...tags: string[]): TagAnswer => ({ kind: 'listed', tags, isComplete: false });

describe('which image’s registry is asked', () => {
  const askedFor = (given: Omit<Case, 'category'>) => {
    const image = fixerOf('image-not-found').asksFor?.(
      targetOf({ ...given, category: 'image-not-found' }),
    );
    return image && fullName(image);
  };
  const facts = { image: 'r.example/team/shop:1.5' };

  it.each<[what: string, given: Omit<Case, 'category'>]>([
    ['one scalar', { values: 'image: r.example/team/shop:1.5\n' }],
    ['repository and tag', { values: 'image: {repository: r.example/team/shop, tag: "1.5"}\n' }],
    [
      'registry, repository and tag',
      { values: 'image: {registry: r.example, repository: team/shop, tag: "1.5"}\n' },
    ],
    [
      'a registry for all, which wins',
      {
        values:
          'global: {imageRegistry: r.example}\nimage: {registry: docker.io, repository: team/shop, tag: "1.5"}\n',
      },
    ],
    [
      'a registry with a part of the name',
      { values: 'image: {registry: r.example/team/, repository: shop, tag: "1.5"}\n' },
    ],
    [
      'an umbrella’s registry for all',
      {
        prefix: ['shop'],
        values:
          'global: {imageRegistry: r.example}\nshop:\n  image: {repository: team/shop, tag: "1.5"}\n',
      },
    ],
    [
      'the tag in an overlay, the rest in another file',
      {
        values: 'image: {tag: "1.5"}\n',
        others: {
          'values.yaml': 'image: {registry: r.example, repository: team/shop, tag: "1.0"}\n',
        },
      },
    ],
  ])('%s', (_, given) => {
    expect(askedFor({ ...given, facts })).toBe('r.example/team/shop');
  });

  it.each([
    ['Docker Hub for a bare name', 'shop', 'docker.io/library/shop:1.5', 'docker.io/library/shop'],
    ['a port', 'localhost:5000/shop', 'localhost:5000/shop:1.5', 'localhost:5000/shop'],
  ])('%s', (_, repository, image, asked) => {
    const given = { values: `image: {repository: "${repository}", tag: "1.5"}\n` };
    expect(askedFor({ ...given, facts: { image } })).toBe(asked);
  });

  it.each<[why: string, values: string, image: string | undefined]>([
    ['the evidence names none', 'image: {repository: r.example/shop, tag: "1.5"}\n', undefined],
    // The registry is the template's own, and nobody here knows it.
    [
      'the evidence names another registry',
      'image: {repository: shop, tag: "1.5"}\n',
      'evil.example/shop:1.5',
    ],
    [
      'the values name another registry',
      'image: {repository: evil.example/shop, tag: "1.5"}\n',
      'shop:1.5',
    ],
    [
      'the evidence names a digest',
      'image: {repository: r.example/shop, tag: "1.5"}\n',
      `r.example/shop@sha256:${'a'.repeat(64)}`,
    ],
    [
      'the evidence names no tag',
      'image: {repository: r.example/shop, tag: "1.5"}\n',
      'r.example/shop',
    ],
    [
      'the values name a registry, and the evidence Docker Hub',
      'image: {registry: r.example, repository: team/shop, tag: "1.5"}\n',
      'team/shop:1.5',
    ],
    ['neither says where', 'image: {tag: "1.5"}\n', 'r.example/shop:1.5'],
    [
      'a log names cloud metadata',
      'image: {repository: shop, tag: "1.5"}\n',
      '169.254.169.254/shop:1.5',
    ],
    [
      'the name is none',
      'image: {repository: r.example/../shop, tag: "1.5"}\n',
      'r.example/../shop:1.5',
    ],
    [
      'it has a login',
      'image: {repository: "a:b@r.example/shop", tag: "1.5"}\n',
      'a:b@r.example/shop:1.5',
    ],
    ['it is a template', 'image: {repository: "{{ r }}/shop", tag: "1.5"}\n', '{{ r }}/shop:1.5'],
  ])('none where %s', (_, text, image) => {
    expect(askedFor({ values: text, ...(image ? { facts: { image } } : {}) })).toBeUndefined();
  });

  it('none for what is no missing tag', () => {
    expect(fixerOf('image-platform-mismatch').asksFor).toBeUndefined();
    expect(fixerOf('regression-after-deploy').asksFor).toBeUndefined();
  });

  it('none where a digest or image automation decides', () => {
    const digest = `image: {repository: r.example/shop, tag: "1.5", digest: "sha256:abc"}\n`;
    const flux = `image:\n  repository: r.example/shop\n  tag: "1.5" # {"$imagepolicy": "a:b:tag"}\n`;
    for (const text of [digest, flux]) {
      expect(() => askedFor({ values: text, facts: { image: 'r.example/shop:1.5' } })).toThrow();
    }
  });
});

describe('a tag of the history', () => {
  const given = { ...failing('1.5'), earlier: [values('1.4'), values('1.3'), values('1.2')] };

  it('is taken where the registry has it, and that is said', () => {
    const fix = fixOf({ ...given, registry: listed('1.2', '1.3', '1.4') });
    expect(told(fix.edits)).toEqual(['image.tag: "1.5" -> "1.4"']);
    expect(fix.reason).toMatch(/r\.example was asked and has it\.$/);
    expect(fix.warnings).toEqual([]);
  });

  it('is passed over where the registry has it no more', () => {
    const fix = fixOf({ ...given, registry: listed('1.2') });
    expect(told(fix.edits)).toEqual(['image.tag: "1.5" -> "1.2"']);
    expect(fix.warnings).toEqual(['1.4, 1.3 came later, and r.example does not list it any more.']);
  });

  it.each<[what: string, registry: TagAnswer, warning: RegExp]>([
    [
      'was not heard',
      { kind: 'unheard', why: 'it wants a login (401)' },
      /has 1\.4 is not known \(r\.example was asked and not heard: it wants a login \(401\)\)/,
    ],
    ['did not say all', cut('1.0'), /more than the 1 that were read/],
  ])('is taken with a warning where the registry %s', (_, registry, warning) => {
    const fix = fixOf({ ...given, registry });
    expect(told(fix.edits)).toEqual(['image.tag: "1.5" -> "1.4"']);
    expect(fix.warnings.join()).toMatch(warning);
    expect(fix.reason).not.toMatch(/has it/);
  });

  it('is judged without what no list holds: a digest behind it', () => {
    const pinned = values(`1.4@sha256:${'a'.repeat(64)}`);
    const fix = fixOf({ ...failing('1.5'), earlier: [pinned], registry: listed('1.3', '1.4') });
    expect(told(fix.edits)).toEqual([`image.tag: "1.5" -> "1.4@sha256:${'a'.repeat(64)}"`]);
    expect(fix.warnings).toEqual([]);
    expect(fix.reason).not.toMatch(/has it/);
  });

  it('is taken though the slip is seen, which is said', () => {
    const slip = failing('v1.5.0');
    const fix = fixOf({ ...slip, earlier: [values('1.4.0')], registry: listed('1.4.0', '1.5.0') });
    expect(told(fix.edits)).toEqual(['image.tag: "v1.5.0" -> "1.4.0"']);
    expect(fix.warnings.join()).toMatch(/r\.example has 1\.5\.0, which differs from v1\.5\.0 only/);
  });

  it('says where a registry of this machine was asked', () => {
    const here = (tag: string) => values(tag).replace('r.example', 'localhost:5000');
    const fix = fixOf({
      ...{ category: 'image-not-found', values: here('1.5'), earlier: [here('1.4')] },
      facts: { image: 'localhost:5000/shop:1.5' },
      registry: listed('1.4'),
    });
    expect(fix.warnings.join()).toMatch(/localhost:5000 was asked on this machine/);
  });
});

describe('without one in the history', () => {
  it.each<[what: string, registry: TagAnswer, hole: string]>([
    ['another spelling', listed('1.4.1', 'v1.4.2', '1.4.2-alpine'), 'one of v1.4.2'],
    ['two spellings', listed('v1.4.2', 'V1.4.2'), 'one of v1.4.2, V1.4.2'],
    ['the same numbers', listed('1.4.1', '1.04.02'), 'one of 1.04.02, 1.4.1'],
    ['a list that was cut', cut('v1.4.2'), 'one of v1.4.2'],
    [
      'other versions',
      listed('1.4.1', '1.3.9', '1.4.3', 'latest', '1.4.2-alpine'),
      'one of 1.4.1, 1.3.9, 1.4.3',
    ],
  ])('%s: a hole with the nearest, which nobody guesses', (_, registry, hole) => {
    const fix = fixOf({ ...failing('1.4.2'), registry });
    expect(told(fix.edits)).toEqual([`image.tag: "1.4.2" -> (${hole})`]);
    expect(fix.reason).toMatch(/None is invented/);
  });

  it('the hole of a whole reference takes whole references', () => {
    const fix = fixOf({
      ...failing('1.5'),
      values: 'containers:\n  image: r.example/shop:1.5\n',
      registry: listed('1.4'),
    });
    expect(told(fix.edits)).toEqual([
      'containers.image: r.example/shop:1.5 -> (one of r.example/shop:1.4)',
    ]);
  });

  it('a tag that would be read as a number is typed as a text', () => {
    const text = 'image:\n  repository: r.example/shop\n  tag: 1.5\n';
    const fix = fixOf({ ...failing('1.5'), values: text, registry: listed('1.4', '1.10') });
    expect(told(fix.edits)).toEqual(['image.tag: 1.5 -> (one of "1.4", "1.10")']);
  });

  it('says which tags of the history are gone', () => {
    const fix = fixOf({ ...failing('1.5'), earlier: [values('1.4')], registry: listed('1.6') });
    expect(told(fix.edits)).toEqual(['image.tag: "1.5" -> (one of 1.6)']);
    expect(fix.reason).toMatch(/only tags that the registry does not list any more \(1\.4\)/);
  });

  it.each<[what: string, registry: TagAnswer, says: RegExp]>([
    [
      'not heard',
      { kind: 'unheard', why: 'it wants a login (401)' },
      /a tag is never invented.* r\.example was asked and not heard: it wants a login \(401\)\.$/,
    ],
    ['without tags', listed(), /of its 0 tags of shop none is like 1\.5/],
    ['with nothing alike', listed('latest'), /of its 1 tag of shop none is like 1\.5/],
  ])('a registry %s leaves the file as it is', (_, registry, says) => {
    expect(() => fixOf({ ...failing('1.5'), registry })).toThrow(says);
  });
});

describe('a tag that the registry has is not what is missing', () => {
  it.each<[what: string, registry: TagAnswer]>([
    ['whole list', listed('1.4', '1.5')],
    ['list that was cut', cut('1.5')],
  ])('in a %s', (_, registry) => {
    const given = { ...failing('1.5'), earlier: [values('1.4')], registry };
    expect(() => fixOf(given)).toThrow(/r\.example was asked and has it, so it was left as it is/);
  });
});

describe('the revert of what changed the tag', () => {
  const { commit = '' } = version(values('1.5'), 0);
  const fixer = revertFixer('image-not-found', [commit.slice(0, 8)], false);
  const given = { ...failing('1.5'), earlier: [values('1.5'), values('1.4')] };

  it('is offered where the registry has the tag before', () => {
    const fix = fixOf({ ...given, registry: listed('1.4') }, fixer);
    expect(told(fix.edits)).toEqual(['image.tag: "1.5" -> "1.4"']);
    expect(fix.reason).toMatch(/r\.example was asked and has it/);
  });

  it('is not offered where the registry has it no more, or has the tag that failed', () => {
    expect(() => fixOf({ ...given, registry: listed('1.3') }, fixer)).toThrow(/not put back/);
    expect(() => fixOf({ ...given, registry: listed('1.4', '1.5') }, fixer)).toThrow(/has it, so/);
  });

  it('is offered without a word where it brings another registry back, which nobody asked', () => {
    const old = values('1.4').replace('r.example', 'old.example');
    const moved = { ...given, earlier: [values('1.5'), old] };
    for (const registry of [listed('1.3'), listed('1.4')]) {
      const fix = fixOf({ ...moved, registry }, fixer);
      expect(told(fix.edits)).toEqual([
        'image.repository: r.example/shop -> old.example/shop',
        'image.tag: "1.5" -> "1.4"',
      ]);
      expect(fix.reason).not.toMatch(/was asked/);
    }
  });

  it('is offered as before where nobody was asked', () => {
    expect(told(fixOf(given, fixer).edits)).toEqual(['image.tag: "1.5" -> "1.4"']);
  });
});
