import 'reflect-metadata';

import { describe, expect, it } from '@jest/globals';
import { NestFactory } from '@nestjs/core';

import { MemoryBroker } from '#libs/bus/memory-broker.js';
import { MemoryRooms } from '#libs/room/memory-rooms.js';
import { MemoryOffice } from '#libs/office/memory-office.js';
import { systemClock as clock } from '#libs/platform/clock.js';
import { readConfig } from '#libs/platform/config.js';
import { silentLog } from '#libs/platform/log.js';
import { NestLogger } from '#libs/platform/nest-logger.js';
import { systemRandom as random } from '#libs/platform/random.js';

import { gatewayConfigSchema } from './config.js';
import { GATEWAY, GatewayModule } from './gateway.module.js';
import type { Gateway } from './gateway.js';
import { FakeCatalogue, fakeEventId } from './testing/fake-catalogue.js';
import { FakeInventory } from './testing/fake-inventory.js';
import { callHttp } from './testing/harness.js';

const environment = {
  PORT: '0',
  DATABASE_URL: 'postgres://x',
  NATS_URL: 'nats://x',
  HOLDFAST_TOKEN_SECRET: 's'.repeat(32),
};

describe('the gateway process', () => {
  it('boots under Nest, serves, and stops with its context', async () => {
    const log = silentLog();
    const bus = new MemoryBroker({ clock, random, log }).connect('gateway');
    const app = await NestFactory.createApplicationContext(
      GatewayModule.forPorts({
        config: readConfig(gatewayConfigSchema, environment),
        bus,
        inventory: new FakeInventory(bus, fakeEventId, 10, []),
        catalogue: new FakeCatalogue(10, 0),
        office: new MemoryOffice(clock),
        database: { away: false },
        shards: () => [],
        roomStore: new MemoryRooms(),
        pages: null,
        clock,
        random,
        log,
      }),
      { logger: new NestLogger(log), abortOnError: false },
    );
    const url = `http://127.0.0.1:${app.get<Gateway>(GATEWAY).port}`;
    expect((await callHttp(url, 'GET', '/readyz')).status).toBe(200);
    await app.close();
    await expect(callHttp(url, 'GET', '/readyz')).rejects.toThrow();
    await bus.close();
  });

  it('refuses an environment that is not complete, and names all that is missing', () => {
    expect(() => readConfig(gatewayConfigSchema, { HOLDFAST_TOKEN_SECRET: 'short' })).toThrow(
      /DATABASE_URL[^]*NATS_URL[^]*HOLDFAST_TOKEN_SECRET/,
    );
  });

  it('reads the issuers of other accounts as JSON', () => {
    const issuers = '[{"issuer":"https://a","jwks_url":"https://a/jwks","audience":"t"}]';
    const config = readConfig(gatewayConfigSchema, {
      ...environment,
      HOLDFAST_TOKEN_ISSUERS: issuers,
    });
    expect(config.HOLDFAST_TOKEN_ISSUERS).toEqual(JSON.parse(issuers));
  });
});
