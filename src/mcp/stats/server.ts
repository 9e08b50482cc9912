import { serve } from '../shared/serve';
import { readEndpoints } from './endpoints';
import { statsServer } from './tools';

void serve(statsServer(() => readEndpoints(process.env)));
