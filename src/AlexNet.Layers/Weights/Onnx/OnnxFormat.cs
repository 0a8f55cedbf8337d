namespace AlexNetTF.Weights;

/// <summary>
/// An ONNX model: the weights of its convolutions and dense layers. Names that tell the layer (conv1_w_0,
/// fc6.weight) are followed; otherwise the layers count through in the graph's order.
/// </summary>
internal sealed class OnnxFormat : IWeightFormat
{
    public bool Recognises(WeightBytes file)
    {
        WireOutline outline = WireOutline.Of(file);
        bool isModel = outline.Has(7, WireType.Bytes) || outline.Has(8, WireType.Bytes);
        return outline.Has(1, WireType.Varint) && isModel;
    }

    public WeightSource Open(WeightBytes file)
    {
        var owned = new List<IDisposable>();
        try
        {
            return Open(file, owned);
        }
        catch
        {
            owned.ForEach(opened => opened.Dispose());
            throw;
        }
    }

    private static WeightSource Open(WeightBytes file, List<IDisposable> owned)
    {
        OnnxGraph graph = new OnnxModelParser(file, owned).Parse();
        var finder = new OnnxLayers(file, graph);
        List<OnnxLayer> layers = finder.Find();
        var notes = new List<string>();
        string[] names = OnnxNames.Of(layers);
        List<WeightEntry> entries = [.. layers.SelectMany((layer, i) => Entries(layer, names[i], finder, notes))];
        if (entries.Count == 0)
        {
            throw file.Error(0, $"the ONNX graph of {graph.Nodes.Count:N0} nodes has no convolution or dense layer with weights in the file");
        }

        WeightEntries.RequireDistinctNames(file, entries);
        return new WeightSource(file, "ONNX model", entries, OnnxHints.Of(graph, layers, notes), owned);
    }

    private static IEnumerable<WeightEntry> Entries(OnnxLayer layer, string name, OnnxLayers finder, List<string> notes)
    {
        TensorLayout layout = layer.Layout;
        if (!layer.IsConvolution && finder.Upstream(layer) is ({ IsConvolution: true } convolution, true))
        {
            layout = FirstDense.Rows(layout, convolution.Layout.Shape[3], name, convolution.Weights.Name, notes);
        }

        yield return Entry(name, LayerNames.Weights, layer.Weights, layout);
        if (layer.Biases is OnnxTensor biases)
        {
            // A bias may be stored as [1, n] or [1, n, 1, 1] for broadcasting.
            yield return Entry(name, LayerNames.Biases, biases, TensorLayout.InOrder(Shapes.Count(biases.Shape) ?? 0));
        }
    }

    private static WeightEntry Entry(string layer, string parameter, OnnxTensor tensor, TensorLayout layout) =>
        WeightEntries.Dense(layer, parameter, tensor.Name, TensorLayout.InOrder(tensor.Shape), layout, tensor.Values!);
}
