import { TurnMeter } from './turn-meter.js';

/** A process that does nothing, beside the shard: how long the machine lets anybody wait. */
const meter = new TurnMeter();
process.on('message', () => void process.send?.(meter.take()));
process.on('disconnect', () => process.exit(0));
