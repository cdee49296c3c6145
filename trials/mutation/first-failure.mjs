import { TestEnvironment } from 'jest-environment-node';

/**
 * A test environment that skips what is left of a spec file after its first failed test. A test
 * that only ran out of time does not count: the next one may say what is wrong.
 */
export default class FirstFailure extends TestEnvironment {
  failed = false;

  handleTestEvent(event) {
    if (event.name === 'test_start' && this.failed) event.test.mode = 'skip';
    if (event.name === 'test_done') this.failed ||= event.test.errors.some(says);
  }
}

/** Errors come alone, or with a second one that has the place. */
function says(error) {
  const first = Array.isArray(error) ? error[0] : error;
  return !String(first?.message ?? first).includes('Exceeded timeout of');
}
