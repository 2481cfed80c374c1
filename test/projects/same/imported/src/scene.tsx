import {Audio, Img, makeScene2D, Txt, Video} from '@revideo/2d';
import {waitFor} from '@revideo/core';
import clip from './assets/a clip.mp4';
import beat from './assets/beat.mp3';
import picture from './assets/picture.png';
import './style.css';

/** As Revideo's own example of media does it, and the other ways to name a file beside the sources. */
export default makeScene2D('imported', function* (view) {
  yield view.add(<Video src={clip} play={true} size={['100%', '100%']} />);
  yield view.add(<Audio src={beat} play={true} />);
  yield view.add(<Audio src={new URL('./assets/chime.wav', import.meta.url).href} play={true} />);
  view.add(<Img src={picture} width={40} x={-50} />);
  view.add(<Img src={'/src/assets/other.png'} width={40} x={50} />);
  view.add(<Txt text={'imported'} fontFamily={'Imported'} fontSize={24} fill={'white'} />);
  yield* waitFor(0.6);
});
