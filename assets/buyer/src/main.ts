import 'virtual:look.css';
import './style/base.css';
import './style/stage.css';
import './style/card.css';
import './style/annotation.css';
import './style/model.css';
import './style/side.css';
import './style/looking.css';
import './style/room.css';
import { App } from './app';
import type { VitrineWindow } from './stats';

declare global {
  interface Window {
    vitrine: VitrineWindow;
  }
}

const app = new App(document.getElementById('vitrine')!);
window.vitrine = app.door();
app.start();
