import { expect, it } from 'vitest';

import { pageFile, pageWithTable } from '../../catalogue/page';

it('docs/catalogue.md has the table that the data makes', async () => {
  await expect(await pageWithTable()).toMatchFileSnapshot(pageFile);
});
