import vm from 'node:vm';
import { TestEnvironment } from 'jest-environment-node';

const { createContext } = vm;

/**
 * Jest's environment for Node, in a context whose global object is an ordinary one. Jest's own is a
 * proxy, which is asked at each use of Map, Math or Buffer: a loop that makes maps takes twelve
 * times as long there. Every spec file still has a context of its own.
 */
export default class PlainContextEnvironment extends TestEnvironment {
  constructor(config, context) {
    vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY);
    try {
      super(config, context);
    } finally {
      vm.createContext = createContext;
    }
  }
}
