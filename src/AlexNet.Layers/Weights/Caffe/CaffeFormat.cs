namespace AlexNetTF.Weights;

/// <summary>
/// A .caffemodel. Filters are out × in × height × width there, dense weights out × in, and the columns of the first
/// dense layer count channels × height × width; TensorFlow has height × width × in × out, in × out, and rows that
/// count height × width × channels.
/// </summary>
internal sealed class CaffeFormat : IWeightFormat
{
    private static readonly string[] AlexNetLayers = ["conv1", "conv2", "conv3", "conv4", "conv5", "fc6", "fc7", "fc8"];

    public bool Recognises(WeightBytes file)
    {
        WireOutline outline = WireOutline.Of(file);
        bool hasLayers = outline.Has(100, WireType.Bytes) || outline.Has(2, WireType.Bytes);
        return hasLayers && !outline.Has(1, WireType.Varint) && !outline.HasMessageInField1;
    }

    public WeightSource Open(WeightBytes file)
    {
        var parser = new CaffeModelParser(file);
        parser.Parse();
        var order = new CaffeOrder(parser.Layers);
        var notes = new List<string>();
        List<WeightEntry> entries = [.. parser.Layers.SelectMany(layer => Entries(layer, order, notes))];
        if (entries.Count == 0)
        {
            throw file.Error(0, $"the Caffe model has {parser.Layers.Count:N0} layers, but none with weights");
        }

        WeightEntries.RequireDistinctNames(file, entries);
        return new WeightSource(file, "Caffe model (.caffemodel)", entries, Hints(parser, order, notes));
    }

    private static IEnumerable<WeightEntry> Entries(CaffeLayer layer, CaffeOrder order, List<string> notes) =>
        layer.Blobs.Select((blob, index) => (layer.Kind, index) switch
        {
            (CaffeKind.Convolution, 0) => Filter(layer, blob),
            (CaffeKind.InnerProduct, 0) => Dense(layer, blob, order, notes),
            (CaffeKind.Convolution or CaffeKind.InnerProduct, 1) => Entry(layer, LayerNames.Biases, 1, blob, TensorLayout.InOrder(WithoutOnes(blob, 1))),
            _ => Entry(layer, $"blob{index}", index, blob, TensorLayout.InOrder(blob.Shape)),
        });

    private static WeightEntry Filter(CaffeLayer layer, CaffeBlob blob)
    {
        RequireRank(layer, blob, blob.Shape, 4);
        return Entry(layer, LayerNames.Weights, 0, blob, TensorLayout.InOrder(blob.Shape).FilterFromOihw());
    }

    private static WeightEntry Dense(CaffeLayer layer, CaffeBlob blob, CaffeOrder order, List<string> notes)
    {
        long[] shape = WithoutOnes(blob, 2);
        RequireRank(layer, blob, shape, 2);
        TensorLayout layout = TensorLayout.InOrder(shape).DenseFromOutIn();
        if (order.Predecessor(layer) is { Kind: CaffeKind.Convolution } convolution)
        {
            CaffeBlob filter = convolution.Blobs[0];
            RequireRank(convolution, filter, filter.Shape, 4);
            layout = FirstDense.Rows(layout, filter.Shape[0], layer.Name, convolution.Name, notes);
        }

        return Entry(layer, LayerNames.Weights, 0, blob, layout);
    }

    private static WeightEntry Entry(CaffeLayer layer, string parameter, int index, CaffeBlob blob, TensorLayout layout) =>
        WeightEntries.Dense(layer.Name, parameter, $"{layer.Name}[{index}]", TensorLayout.InOrder(blob.Shape), layout, blob.Values);

    /// <summary>Old files pad every shape with ones in front to four dimensions.</summary>
    private static long[] WithoutOnes(CaffeBlob blob, int rank) =>
        blob.IsLegacyShape && blob.Shape[..^rank].All(dimension => dimension == 1) ? blob.Shape[^rank..] : blob.Shape;

    private static void RequireRank(CaffeLayer layer, CaffeBlob blob, long[] shape, int rank)
    {
        if (shape.Length != rank)
        {
            throw blob.Values.Region.File.Error(
                blob.Values.Region.FilePosition, $"the weights of '{layer.Name}' have the shape {Shapes.Text(shape)}; rank {rank} belongs there");
        }
    }

    private static WeightHints Hints(CaffeModelParser parser, CaffeOrder order, List<string> notes)
    {
        HashSet<string> names = [.. parser.Layers.Where(layer => layer.HasWeights).Select(layer => layer.Name)];
        if (!names.SetEquals(AlexNetLayers))
        {
            return new WeightHints { Notes = notes };
        }

        int norm = parser.Layers.FindIndex(layer => layer.Kind == CaffeKind.Lrn);
        int pool = parser.Layers.FindIndex(layer => layer.Kind == CaffeKind.Pooling);
        bool known = norm >= 0 && pool >= 0;
        bool normFirst = known ? (norm < pool) != order.IsReversed : parser.Name != "CaffeNet";
        return new WeightHints
        {
            Network = normFirst ? "bvlc_alexnet" : "bvlc_reference_caffenet",
            Topology = normFirst ? "Bvlc" : "Article",
            Notes = notes,
        };
    }
}
