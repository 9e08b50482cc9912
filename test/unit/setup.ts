import { configureGlobal } from 'fast-check';

// The same random inputs in every run, so that a failure is the change's own; FC_SEED tries others.
configureGlobal({ seed: Number(process.env['FC_SEED'] ?? 20261121) });
