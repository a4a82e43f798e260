// The JavaScript side of bridge_on_import.c. web/src/load.ts sets Module.beginBridge.

addToLibrary({
  coil_bridge_begin_js__sig: "i",
  coil_bridge_begin_js: () => {
    try {
      Module["beginBridge"]();
      return 1;
    } catch (error) {
      err(error);
      return 0;
    }
  },
});
