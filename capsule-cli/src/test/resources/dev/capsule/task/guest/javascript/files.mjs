import assert from 'node:assert/strict';
import fs, { existsSync, readFileSync } from 'fs';
import { open, readFile, writeFile } from 'fs/promises';

export async function main() {
  assert.equal(readFileSync('/data/in.txt', 'utf8'), 'one\ntwo\n');
  assert.equal(readFileSync('./data/in.txt').toString('hex').slice(0, 6), '6f6e65');
  await writeFile('/data/out.txt', 'üüü');
  assert.equal(await readFile('/data/out.txt', { encoding: 'utf-8' }), 'üüü');
  fs.appendFileSync('/data/log', 'a');
  fs.appendFileSync('/data/log', Buffer.from('b'));
  assert.equal(readFileSync('/data/log', 'latin1'), 'ab');
  fs.mkdirSync('/data/d/e/f', { recursive: true });
  fs.writeFileSync('/data/d/e/f/g.bin', Uint8Array.of(0, 255));
  assert.deepEqual(fs.readdirSync('/data').sort(), ['d', 'in.txt', 'log', 'out.txt']);
  assert.deepEqual(
    fs.readdirSync('/data', { withFileTypes: true }).map((it) => [it.name, it.isDirectory()]).sort(),
    [['d', true], ['in.txt', false], ['log', false], ['out.txt', false]]
  );
  assert.deepEqual(fs.readdirSync('/data/d', { recursive: true }), ['e', 'e/f', 'e/f/g.bin']);
  const stat = fs.statSync('/data/in.txt');
  assert(stat.isFile() && !stat.isDirectory() && stat.size === 8 && stat.mtime instanceof Date);
  assert.throws(() => fs.statSync('/data/none'), { code: 'ENOENT', syscall: 'stat', path: '/data/none' });
  assert.equal(fs.statSync('/data/none', { throwIfNoEntry: false }), undefined);
  assert.throws(() => fs.writeFileSync('/ro/x', ''), (error) => ['EPERM', 'EROFS', 'EACCES'].includes(error.code));
  assert.throws(() => fs.writeFileSync('/data/in.txt', '', { flag: 'wx' }), { code: 'EEXIST' });
  assert.throws(() => fs.readdirSync('/data/in.txt'), { code: 'ENOTDIR' });
  assert.throws(() => fs.readFileSync('/data/d'), { code: 'EISDIR' });
  assert.throws(() => fs.rmdirSync('/data/d'), { code: 'ENOTEMPTY' });
  assert.throws(() => fs.readFileSync('/elsewhere'), { code: 'ENOENT' });
  fs.renameSync('/data/log', '/data/d/log');
  fs.copyFileSync('/data/d/log', '/data/copy');
  assert(existsSync('/data/copy') && !existsSync('/data/log'));
  fs.symlinkSync('copy', '/data/link');
  assert.equal(fs.readlinkSync('/data/link'), 'copy');
  assert(fs.lstatSync('/data/link').isSymbolicLink() && fs.statSync('/data/link').isFile());
  assert.equal(fs.realpathSync('/data/link'), '/data/copy');
  fs.truncateSync('/data/copy', 1);
  assert.equal(readFileSync('/data/copy', 'utf8'), 'a');
  fs.utimesSync('/data/copy', 5, 7);
  assert.equal(fs.statSync('/data/copy').mtimeMs, 7000);
  fs.rmSync('/data/d', { recursive: true });
  fs.rmSync('/data/never', { force: true });
  assert(!existsSync('/data/d'));

  const fd = fs.openSync('/data/seq', 'w+');
  assert.equal(fs.writeSync(fd, 'hello'), 5);
  assert.equal(fs.writeSync(fd, ' world'), 6);
  const buffer = Buffer.alloc(5);
  assert.equal(fs.readSync(fd, buffer, 0, 5, 6), 5);
  assert.equal(buffer.toString(), 'world');
  fs.closeSync(fd);
  assert.throws(() => fs.closeSync(fd), { code: 'EBADF' });
  const handle = await open('/data/seq');
  assert.equal((await handle.readFile('utf8')), 'hello world');
  await handle.close();

  const viaCallback = await new Promise((resolve, reject) =>
    fs.readFile('/data/in.txt', 'utf8', (error, text) => (error ? reject(error) : resolve(text)))
  );
  assert.equal(viaCallback, 'one\ntwo\n');
  await fs.unlink('/data/seq');
  let streamed = '';
  for await (const chunk of fs.createReadStream('/data/in.txt', 'utf8')) {
    streamed += chunk;
  }
  assert.equal(streamed, 'one\ntwo\n');
  const out = fs.createWriteStream('/data/stream');
  out.write('a');
  await new Promise((resolve) => out.end('b', resolve));
  assert.equal(readFileSync('/data/stream', 'utf8'), 'ab');
  assert.match(fs.mkdtempSync('/data/tmp-'), /^\/data\/tmp-\w{6}$/);
  process.chdir('/data');
  assert.equal(readFileSync('in.txt', 'utf8').length, 8);
  return 'ok';
}
