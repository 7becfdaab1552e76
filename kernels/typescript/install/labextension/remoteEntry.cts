// A JupyterLab extension, as a classic script: draws application/vnd.plotly.v1+json with the copy of plotly.js beside it.
// JupyterLab loads it before any notebook; plotly.js itself is loaded with the first figure.
// See https://jupyterlab.readthedocs.io/en/stable/extension/extension_dev.html#prebuilt-extensions
{
  interface FigureModel {
    readonly data: Readonly<
      Record<string, { readonly data: unknown; readonly layout: unknown; readonly config: unknown }>
    >;
  }

  interface Plotly {
    react(node: object, ...spec: readonly unknown[]): Promise<void>;
    purge(node: object): void;
    readonly Plots: { resize(node: object): Promise<void> };
  }

  interface Widget {
    readonly node: { offsetParent: object | null };
    readonly isDisposed: boolean;
    addClass(name: string): void;
    onResize(): void;
    dispose(): void;
  }

  type ShareScope = Readonly<Record<string, Readonly<Record<string, { get(): Promise<() => unknown> }>>>>;

  interface Page {
    Plotly?: Plotly;
    _JUPYTERLAB?: Record<string, unknown>;
    document: {
      currentScript: { src: string };
      head: { append(element: object): void };
      createElement(name: string): { textContent: string };
    };
  }

  const page = globalThis as unknown as Page;
  const mimeType = "application/vnd.plotly.v1+json";
  const libraryUrl = new URL("plotly.js.deflate", page.document.currentScript.src);

  const loadLibrary = async (): Promise<Plotly> => {
    const { body } = await fetch(libraryUrl);
    if (body === null) throw new Error(`${libraryUrl.href} is empty`);
    const script = page.document.createElement("script");
    script.textContent = await new Response(body.pipeThrough(new DecompressionStream("deflate"))).text();
    const theirs = page.Plotly;
    page.document.head.append(script);
    const ours = page.Plotly;
    if (theirs !== undefined) page.Plotly = theirs;
    if (ours === undefined) throw new Error(`${libraryUrl.href} holds no plotly.js`);
    return ours;
  };
  let library: Promise<Plotly> | undefined;

  const pluginOf = (WidgetClass: new () => Widget) => {
    class Figure extends WidgetClass {
      async renderModel(model: FigureModel): Promise<void> {
        const spec = model.data[mimeType];
        const plotly = await (library ??= loadLibrary());
        if (spec !== undefined && !this.isDisposed) await plotly.react(this.node, spec.data, spec.layout, spec.config);
      }

      override onResize(): void {
        if (this.node.offsetParent !== null) void library?.then(({ Plots }) => Plots.resize(this.node));
      }

      override dispose(): void {
        void library?.then((plotly) => {
          plotly.purge(this.node);
        });
        super.dispose();
      }
    }
    // Not `safe`: a notebook that is not trusted shows its static images.
    const rendererFactory = { safe: false, mimeTypes: [mimeType], createRenderer: () => new Figure() };
    return { id: "numalab-plotly:factory", rendererFactory, rank: 0, dataType: "json" };
  };

  let shared: ShareScope = {};
  const container = {
    init: (scope: ShareScope): void => {
      shared = scope;
    },
    get: async () => {
      const versions = Object.values(shared["@lumino/widgets"] ?? {});
      const widgets = (await versions[0]?.get())?.() as { readonly Widget: new () => Widget };
      const plugin = pluginOf(widgets.Widget);
      return () => plugin;
    },
  };
  page._JUPYTERLAB = { ...page._JUPYTERLAB, "numalab-plotly": container };
}
