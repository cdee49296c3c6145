import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { startShard, type RunningShard, type ShardPorts } from './shard.js';

export const SHARD = Symbol('SHARD');

/** Nest's part in a shard: it starts the shard once its ports exist, and stops it at shutdown. */
@Module({})
export class ShardModule implements OnApplicationShutdown {
  constructor(@Inject(SHARD) private readonly shard: RunningShard) {}

  static forPorts(ports: ShardPorts): DynamicModule {
    return {
      module: ShardModule,
      providers: [{ provide: SHARD, useFactory: () => startShard(ports) }],
      exports: [SHARD],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.shard.stop();
  }
}
