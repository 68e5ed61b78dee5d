(function () {
  function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
  let recursion = fib(21);
  let loop = 0;
  for (let i = 0; i < 200000; i++) loop = (loop + i * 7) % 1000003;
  let objects = [];
  for (let i = 0; i < 8000; i++) objects.push({ key: (i * 7919) % 20011, text: 'x' + i });
  objects.sort((a, b) => a.key - b.key);
  let hash = 0;
  for (const each of objects) hash = (hash * 31 + each.key + each.text.length) | 0;
  return recursion + loop + hash;
})()
