import { describe, expect, it } from '@jest/globals';
import { planCrowd, reckonedSteps, type CrowdSale } from './crowd-plan.js';

const sale: CrowdSale = {
  ...{ crowd: 100_000, halfComeSeconds: 60, free: 10_000, party: 2, buyingPercent: 50 },
  ...{ staySeconds: 240, sellInSeconds: 1_240 },
};
const plan = (more: Partial<CrowdSale> = {}, costs = reckonedSteps) =>
  planCrowd({ ...sale, ...more }, costs);

describe('a sale with a crowd, on paper', () => {
  it('admits as many as buy what there is, at the pace that was wished (CRP1)', () => {
    expect(plan()).toMatchObject({
      ...{ parties: 5_000, admitted: 10_000, ratePerMinute: 600, active: 2_400 },
      ...{ soldOutSeconds: 1_240, placesSold: 10_000, leftWithout: 90_000, bounded: false },
    });
  });

  it('says that it is not sold out where too few come (CRP1)', () => {
    expect(plan({ crowd: 1_000 })).toMatchObject({
      ...{ admitted: 1_000, soldOutSeconds: null, placesSold: 1_000, leftWithout: 0 },
    });
  });

  it('is no quicker than one owner bears (CRP2)', () => {
    const slow = plan({}, { ...reckonedSteps, ownerHoldUs: 100_000 });
    expect(slow).toMatchObject({ bounded: true, ratePerMinute: 168, ownerPercent: 70 });
    expect(slow.soldOutSeconds).toBeGreaterThan(3_000);
  });

  it('counts gateways for the moment in which all come, wait and buy (CRP3)', () => {
    expect(plan().gateways).toBe(1);
    expect(plan({ crowd: 10_000_000 }).gateways).toBeGreaterThan(30);
    expect(plan({}, { ...reckonedSteps, socketsPerGateway: 500 }).gateways).toBe(5);
  });
});
