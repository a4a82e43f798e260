// The JavaScript side of resources.c.

addToLibrary({
  // Browsers tell nobody: there the time that went by stands for the time that was used.
  coil_resources_usage_js__sig: "vpi",
  coil_resources_usage_js__deps: ["emscripten_get_now"],
  coil_resources_usage_js: (result, thread) => {
    const at = result >>> 3;
    if (!ENVIRONMENT_IS_NODE) {
      HEAPF64[at] = _emscripten_get_now() / 1000;
      return;
    }
    const all = process.resourceUsage();
    const { user, system } =
      thread && process.threadCpuUsage
        ? process.threadCpuUsage()
        : { user: all.userCPUTime, system: all.systemCPUTime };
    HEAPF64.set(
      [
        user / 1e6,
        system / 1e6,
        all.maxRSS,
        all.minorPageFault,
        all.majorPageFault,
        all.fsRead,
        all.fsWrite,
        all.voluntaryContextSwitches,
        all.involuntaryContextSwitches,
      ],
      at,
    );
  },

  coil_resources_open_files_js__sig: "i",
  coil_resources_open_files_js__deps: ["$FS"],
  coil_resources_open_files_js: () => FS.MAX_OPEN_FDS,
});
