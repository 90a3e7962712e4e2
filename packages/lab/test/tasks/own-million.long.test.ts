import { slowTasks, testMillionRows } from './million-rows.ts';

testMillionRows(slowTasks);
