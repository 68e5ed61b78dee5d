// Tasks that are measured: as small as they can be, calling many others, and waiting.
import { task } from '@capsule-run/sdk';

export const small = task({ name: 'small', compute: 'LOW' }, n => n * (n - 1) / 2);

export const fan = task({ name: 'fan' }, async n => {
  const numbers = Array.from({ length: n }, (_, i) => i % 50);
  return (await small.map(numbers)).reduce((a, b) => a + b, 0);
});

export const wait = task({ name: 'wait' }, async () => {
  console.log('live');
  await new Promise(resolve => setTimeout(resolve, 300000));
});

export const main = task({ name: 'main' }, () => small.value(20));
