import { fastTasks, testMillionRows } from './million-rows.ts';

testMillionRows(fastTasks);
