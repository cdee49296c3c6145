/** npm run room-trial: a full waiting room, and kill -9 of all that it stands on. */
import { built, setupOrExit } from '../ops/setup.mjs';

await setupOrExit();
const { main } = await built('trials/room/run-room-trial.js');
process.exitCode = await main(process.argv.slice(2));
