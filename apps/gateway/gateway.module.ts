import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';

import { startGateway, type Gateway, type GatewayPorts } from './gateway.js';

export const GATEWAY = Symbol('GATEWAY');

/** Nest's part in a gateway: it starts the edge once its ports exist, and stops it at shutdown. */
@Module({})
export class GatewayModule implements OnApplicationShutdown {
  constructor(@Inject(GATEWAY) private readonly gateway: Gateway) {}

  static forPorts(ports: GatewayPorts): DynamicModule {
    return {
      module: GatewayModule,
      providers: [{ provide: GATEWAY, useFactory: () => startGateway(ports) }],
      exports: [GATEWAY],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.gateway.stop();
  }
}
