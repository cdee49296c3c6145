import { systemClock } from '#libs/platform/clock.js';
import { MemoryOffice } from './memory-office.js';
import { describeOffice } from './testing/office.features.js';

describeOffice('the office in memory', () => {
  const office = new MemoryOffice(systemClock);
  return Promise.resolve({
    office,
    addEvent(eventId, organiser) {
      office.list.push({ eventId, organiser, name: 'A show', startsAtMs: 0 });
      return Promise.resolve();
    },
    addBooking(eventId, totalMinor, cancelled) {
      const { bookings, totalMinor: before } = office.taken.get(eventId) ?? nothing;
      const after = { bookings: bookings + 1, totalMinor: before + totalMinor };
      if (!cancelled) office.taken.set(eventId, after);
      return Promise.resolve();
    },
    addOwned(event) {
      office.owned.push(event);
      return Promise.resolve();
    },
    addBatch(eventId, batch) {
      office.batches.set(eventId, [...(office.batches.get(eventId) ?? []), batch]);
      return Promise.resolve();
    },
  });
});

const nothing = { bookings: 0, totalMinor: 0 };
