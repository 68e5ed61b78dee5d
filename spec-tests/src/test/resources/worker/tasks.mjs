import { readFileSync } from 'node:fs';
import { task } from '@capsule-run/sdk';

export const main = task({ name: 'main', compute: 'HIGH', timeout: '60s' }, (what, ...rest) => {
  switch (what) {
    case 'large':
      return 'x'.repeat(Number(rest[0]));
    case 'print':
      process.stdout.write('{"id":"unknown","output":{"success":false}}\n{"id":"');
      process.stdout.write('and no end of the line');
      return rest[0];
    case 'mounted':
      return readFileSync('/given/' + rest[0], 'utf8');
    case 'raise':
      throw new RangeError(rest[0]);
    default:
      return [what, ...rest];
  }
});
