// What a thrown value means for the task's outcome.
const limit = 64 * 1024;

function describe(error) {
  if (error?.[exitCode] !== undefined) {
    return error[exitCode] === 0
      ? undefined
      : { type: 'task_error', message: `exit: ${error[exitCode]}`, exception: 'exit' };
  }
  if (error === null) {
    // What the engine throws when there is no room even for an error.
    return { type: 'out_of_memory', message: 'the task ran out of memory' };
  }
  const isError = error instanceof Error;
  const message = String(isError ? error.message : text(error)).slice(0, limit);
  return {
    type: kind(error),
    message,
    exception: isError ? String(error.name) : typeof error,
    traceback: isError ? traceback(error, 0).slice(0, limit) : '',
  };
}

function text(value) {
  try {
    return String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}

function kind(error) {
  for (let i = 0; i < 20 && error !== null && typeof error === 'object'; i++) {
    if (typeof error.capsuleKind === 'string') {
      return error.capsuleKind;
    }
    if (error.name === 'InternalError' && error.message === 'out of memory') {
      return 'out_of_memory';
    }
    error = error.cause;
  }
  return 'task_error';
}

function traceback(error, depth) {
  const frames = String(error.stack ?? '')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.includes('(capsule:') && !line.includes('(native)'));
  let result = `${error.name}: ${error.message}\n${frames.join('\n')}`.trimEnd();
  if (error.cause instanceof Error && depth < 10) {
    result += `\nCaused by: ${traceback(error.cause, depth + 1)}`;
  }
  for (const inner of depth < 10 && Array.isArray(error.errors) ? error.errors.slice(0, 10) : []) {
    if (inner instanceof Error) {
      result += `\nAmong them: ${traceback(inner, depth + 1)}`;
    }
  }
  return result;
}

const exitCode = Symbol('capsule.exit');

module.exports = { describe, exitCode };
