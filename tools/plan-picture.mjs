/**
 * node tools/plan-picture.mjs: a seating plan as a picture, with the seats that are sold first.
 */
import { built, setupOrExit } from '../ops/setup.mjs';

await setupOrExit();
const { drawPlan } = await built('tools/plan-picture/main.js');
drawPlan(process.argv.slice(2));
