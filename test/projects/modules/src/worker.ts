import {both} from './circle-a';

self.onmessage = ({data}) => self.postMessage(`${data} ${both}`);
