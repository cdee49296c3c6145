import { MemoryRooms } from './memory-rooms.js';
import { describeRooms } from './testing/rooms.features.js';

describeRooms('waiting rooms in memory', () => Promise.resolve(new MemoryRooms()));
