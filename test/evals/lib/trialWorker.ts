import { runTrials, type Order } from './trial';

/** A process of `inProcesses.ts`: runs the one order that it is sent and sends the trials back. */
process.once('message', (order: Order) => {
  void runTrials(order).then((trials) => process.send?.(trials, () => process.disconnect()));
});
