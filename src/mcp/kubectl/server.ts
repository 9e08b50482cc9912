import { serve } from '../shared/serve';
import { kubectlServer } from './tools';

void serve(kubectlServer());
