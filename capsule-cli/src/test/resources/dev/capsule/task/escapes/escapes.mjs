// Tries to get at what it was not given. Says for each attempt what stopped it, or what it got.
import fs from 'node:fs';
import { task } from '@capsule-run/sdk';

const narrow = task({ name: 'narrow' }, () => ({
  files: [...list('/'), ...list('/box')],
  environment: process.env,
}));

function list(path) {
  try {
    return fs.readdirSync(path);
  } catch {
    return [];
  }
}

const read = (path) => fs.readFileSync(path, 'utf8');

function write(path) {
  fs.writeFileSync(path, 'planted');
  return 'written';
}

function linked(target, name, path) {
  fs.symlinkSync(target, name);
  return read(path);
}

const grants = { allowedFiles: ['box'], allowedHosts: ['localhost'], envVariables: ['GRANTED'] };

task({ name: 'escape', ...grants }, async (port) => {
  const attempts = {
    parent: () => read('box/../secret.txt'),
    parents: () => read('/box/../../secret.txt'),
    absolute: () => read('/etc/passwd'),
    'of the host': () => read('/proc/self/environ'),
    'beside the box': () => read('/secret.txt'),
    'folder above': () => fs.readdirSync('box/..'),
    'link of the host': () => read('box/out/secret.txt'),
    'own link up': () => linked('../secret.txt', 'box/up', 'box/up'),
    'own link away': () => linked('/etc/passwd', 'box/away', 'box/away'),
    'own link to a link': () => linked('out', 'box/again', 'box/again/secret.txt'),
    'move in': () => fs.renameSync('/secret.txt', 'box/moved'),
    'move out': () => fs.renameSync('box/mine.txt', 'box/../mine.txt'),
    'write above': () => write('box/../planted.txt'),
    'write through a link': () => write('box/out/planted.txt'),
    'private folder': () => read('box/.capsule/private.txt'),
    'new private folder': () => fs.mkdirSync('box/sub/.capsule'),
    'move to a private folder': () => fs.renameSync('box/sub', 'box/.capsule'),
    environment: () => process.env.SECRET.length,
    'a process': async () => (await import('node:child_process')).execSync('ls'),
    'a socket': async () => (await import('node:net')).connect(port, '127.0.0.1'),
    'another host': async () => (await fetch(`http://127.0.0.1:${port}/`)).text(),
    'a redirect': async () => (await fetch(`http://localhost:${port}/away`)).text(),
    'a local file': async () => (await fetch('file:///etc/passwd')).text(),
    'a module outside': () => require('/../secret.txt'),
    'a folder of modules': () => import('../outside/module.mjs'),
    'a binding': () => process.binding('fs'),
  };
  const outcomes = {};
  for (const [name, attempt] of Object.entries(attempts)) {
    try {
      outcomes[name] = `GOT ${await attempt()}`;
    } catch (error) {
      outcomes[name] = `${error.name}: ${error.message}`;
    }
  }
  return { outcomes, policy: narrow().result, environment: process.env };
});
