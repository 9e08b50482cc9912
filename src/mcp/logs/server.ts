import { serve } from '../shared/serve';
import { logsServer } from './tools';

void serve(logsServer());
