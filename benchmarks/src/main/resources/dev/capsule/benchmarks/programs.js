// The programs of the comparison: functions that each answer a checksum, the same on every engine.
globalThis.programs = (function () {
  const MODULUS = 1000000007;

  // The same pseudo-random numbers everywhere; Math.imul keeps them whole.
  function numbers(count, seed = 12345) {
    const values = [];
    let value = seed;
    for (let i = 0; i < count; i++) {
      value = (Math.imul(value, 1103515245) + 12345) & 0x7fffffff;
      values.push(value);
    }
    return values;
  }

  function digest(text) {
    let total = 7;
    for (let i = 0; i < text.length; i++) total = (total * 31 + text.charCodeAt(i)) % MODULUS;
    return total;
  }

  function recursion() {
    function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
    function queens(n, row, columns, left, right) {
      if (row === n) return 1;
      let found = 0;
      for (let column = 0; column < n; column++) {
        if (columns >> column & 1 || left >> (row + column) & 1 || right >> (row - column + n) & 1) continue;
        found += queens(n, row + 1, columns | 1 << column, left | 1 << (row + column),
          right | 1 << (row - column + n));
      }
      return found;
    }
    return fib(20) * 1000 + queens(7, 0, 0, 0, 0);
  }

  function dictionaries() {
    const text = numbers(4000).map(each => 'w' + (each >> 7 & 1023)).join(' ');
    const counts = new Map();
    const plain = {};
    for (const word of text.split(' ')) {
      counts.set(word, (counts.get(word) || 0) + 1);
      plain[word] = (plain[word] || 0) + word.length;
    }
    const lines = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
      .map(([word, count]) => word.toUpperCase().padStart(8) + ': ' + count);
    let sum = 0;
    for (const word in plain) sum += plain[word];
    return digest(lines.join('\n').slice(0, 3000)) + counts.size + sum;
  }

  function regularExpressions() {
    const log = numbers(300).map(each =>
      `10.0.${each & 255}.${each >> 8 & 255} - - [${each % 28 + 1}/Nov/2026:10:${each % 60}:00] ` +
      `"GET /item/${each % 977}?q=a%20b HTTP/1.1" ${each % 7 ? 200 : 404} ${each % 5000}`).join('\n');
    const line = /^(\d+\.\d+\.\d+\.\d+) - - \[([^\]]+)\] "(\w+) ([^ "]+) HTTP\/[\d.]+" (\d{3}) (\d+)$/gm;
    let total = 0;
    for (const match of log.matchAll(line)) total += match[5] === '200' ? Number(match[6]) : 1;
    const cleaned = log.replace(/%([0-9A-F]{2})/g, (all, code) => String.fromCharCode(parseInt(code, 16)));
    return total * 1000 + cleaned.match(/item\/\d*7\b/g).length + cleaned.split(/[/?"]+/).length;
  }

  function json() {
    const rows = [];
    for (let i = 0; i < 900; i++) {
      rows.push({ id: i, name: 'name ' + i, tags: ['a', 'b"\\', 'ü' + i], price: i / 4, on: i % 3 === 0, none: null });
    }
    const text = JSON.stringify(rows);
    const again = JSON.parse(text);
    let sum = 0;
    for (const row of again) sum += row.id + row.tags[2].length;
    return text.length + sum + again[again.length - 1].price * 4;
  }

  function sift(heap, root, end) {
    while (2 * root + 1 < end) {
      let child = 2 * root + 1;
      if (child + 1 < end && heap[child] < heap[child + 1]) child++;
      if (heap[root] >= heap[child]) return;
      const value = heap[root];
      heap[root] = heap[child];
      heap[child] = value;
      root = child;
    }
  }

  function sorting() {
    const values = numbers(5000);
    let total = 0;
    values.slice().sort((a, b) => a % 1009 - b % 1009).forEach((value, index) => {
      total = (total + index * (value % 65536)) % MODULUS;
    });
    // Written out, for the interpreter's own loops.
    const heap = values.slice(0, 3000);
    for (let start = (heap.length >> 1) - 1; start >= 0; start--) sift(heap, start, heap.length);
    for (let end = heap.length - 1; end > 0; end--) {
      const value = heap[0];
      heap[0] = heap[end];
      heap[end] = value;
      sift(heap, 0, end);
    }
    return (total + heap[0] + heap[600] * 3 + heap[heap.length - 1] * 5) % MODULUS;
  }

  function bigIntegers() {
    // Digits of pi by Gibbons' spigot, a factorial, and a modular power.
    let q = 1n, r = 0n, t = 1n, k = 1n, n = 3n, l = 3n;
    let digits = 0;
    let count = 0;
    while (count < 200) {
      if (4n * q + r - t < n * t) {
        digits = (digits * 10 + Number(n)) % MODULUS;
        count++;
        [q, r, n] = [10n * q, 10n * (r - n * t), 10n * (3n * q + r) / t - 10n * n];
      } else {
        [q, r, t, k, n, l] = [q * k, (2n * q + r) * l, t * l, k + 1n,
          (q * (7n * k + 2n) + r * l) / (t * l), l + 2n];
      }
    }
    let factorial = 1n;
    for (let i = 2n; i < 700n; i++) factorial *= i;
    const modulus = (1n << 521n) - 1n;
    let power = 1n;
    let base = 3n;
    for (let exponent = factorial % (1n << 120n); exponent > 0n; exponent >>= 1n) {
      if (exponent & 1n) power = power * base % modulus;
      base = base * base % modulus;
    }
    const m = BigInt(MODULUS);
    return (digits + Number(factorial % m) + Number(power % m)) % MODULUS;
  }

  class Vector {
    constructor(x, y, z) { this.x = x; this.y = y; this.z = z; }
    plus(other) { return new Vector(this.x + other.x, this.y + other.y, this.z + other.z); }
    minus(other) { return new Vector(this.x - other.x, this.y - other.y, this.z - other.z); }
    times(by) { return new Vector(this.x * by, this.y * by, this.z * by); }
    dot(other) { return this.x * other.x + this.y * other.y + this.z * other.z; }
    unit() { return this.times(1 / Math.sqrt(this.dot(this))); }
  }

  function hit(spheres, origin, direction) {
    let nearest = null;
    let distance = 1e9;
    for (const sphere of spheres) {
      const offset = origin.minus(sphere.center);
      const b = offset.dot(direction);
      const inside = b * b - offset.dot(offset) + sphere.radius * sphere.radius;
      if (inside > 0) {
        const at = -b - Math.sqrt(inside);
        if (at > 1e-6 && at < distance) {
          distance = at;
          nearest = sphere;
        }
      }
    }
    return { nearest, distance };
  }

  function trace(spheres, light, origin, direction, depth) {
    const { nearest, distance } = hit(spheres, origin, direction);
    if (nearest === null) return 0.2 + 0.3 * (direction.y + 1);
    const point = origin.plus(direction.times(distance));
    const normal = point.minus(nearest.center).unit();
    let shade = Math.max(0, normal.dot(light));
    if (hit(spheres, point.plus(normal.times(1e-4)), light).nearest !== null) shade *= 0.3;
    if (depth < 2) {
      const mirrored = direction.minus(normal.times(2 * direction.dot(normal)));
      shade += nearest.mirror * trace(spheres, light, point, mirrored, depth + 1);
    }
    return shade;
  }

  function rayTracer() {
    const spheres = [];
    for (let i = 0; i < 9; i++) {
      spheres.push({ center: new Vector(i % 3 - 1, Math.floor(i / 3) - 1, 4 + i % 2), radius: 0.6, mirror: 0.3 });
    }
    const light = new Vector(0.5, 0.8, -0.6).unit();
    const origin = new Vector(0, 0, -2);
    const size = 28;
    let total = 0;
    for (let row = 0; row < size; row++) {
      for (let column = 0; column < size; column++) {
        const direction = new Vector(column / size - 0.5, 0.5 - row / size, 1).unit();
        total = (total * 3 + Math.floor(trace(spheres, light, origin, direction, 0) * 255)) % MODULUS;
      }
    }
    return total;
  }

  // Turns {{ expression }} and {% for x in xs %} ... {% end %} into nested lists.
  function compiled(template) {
    const root = [];
    const stack = [root];
    for (const part of template.split(/(\{\{.*?\}\}|\{%.*?%\})/)) {
      const top = stack[stack.length - 1];
      if (part.startsWith('{{')) {
        const [name, ...filters] = part.slice(2, -2).split('|').map(each => each.trim());
        top.push({ path: name.split('.'), filters });
      } else if (part.startsWith('{%')) {
        const words = part.slice(2, -2).trim().split(/\s+/);
        if (words[0] === 'for') {
          const body = [];
          top.push({ name: words[1], path: words[3].split('.'), body });
          stack.push(body);
        } else {
          stack.pop();
        }
      } else if (part) {
        top.push(part);
      }
    }
    return root;
  }

  const FILTERS = {
    upper: value => String(value).toUpperCase(),
    escape: value => String(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
  };

  function rendered(nodes, scope, out) {
    for (const node of nodes) {
      if (typeof node === 'string') {
        out.push(node);
        continue;
      }
      const value = node.path.reduce((at, name) => at[name], scope);
      if (node.body) {
        for (const item of value) rendered(node.body, { ...scope, [node.name]: item }, out);
      } else {
        out.push(String(node.filters.reduce((text, filter) => FILTERS[filter](text), value)));
      }
    }
  }

  function templateEngine() {
    const template = compiled(
      '<h1>{{ title | escape | upper }}</h1>{% for row in rows %}<tr><td>{{ row.id }}</td>' +
      '{% for cell in row.cells %}<td>{{ cell | escape }}</td>{% end %}</tr>\n{% end %}');
    const rows = [];
    for (let i = 0; i < 150; i++) {
      rows.push({ id: i, cells: [0, 1, 2, 3, 4, 5, 6, 7].map(j => `<${i * j}>`) });
    }
    const out = [];
    rendered(template, { title: 'a < b & c', rows }, out);
    const page = out.join('');
    return digest(page.slice(-4000)) + page.length;
  }

  // A little of everything: the program of the warm-up curves.
  function mixed() {
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
  }

  return {
    recursion,
    dictionaries,
    regex: regularExpressions,
    json,
    sorting,
    bigint: bigIntegers,
    raytracer: rayTracer,
    template: templateEngine,
    mixed,
  };
})();
0
