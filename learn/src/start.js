let isLive = false;
const tell = () => {
  document.getElementById(notice).hidden = isLive;
};
// A download may take for ever.
setTimeout(tell, 10000);
import(js)
  .then((ui) => ui.default({ module_or_path: wasm }).then(() => ui.draw()))
  .then(() => {
    isLive = true;
  })
  .catch((error) => console.error('The live part could not be started:', error))
  .then(tell);
