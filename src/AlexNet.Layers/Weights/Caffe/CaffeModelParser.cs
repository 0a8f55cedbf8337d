namespace AlexNetTF.Weights;

/// <summary>
/// Reads Caffe's NetParameter: the layers, in field 100 (LayerParameter) or 2 (V1LayerParameter, before 2015), and of
/// each its name, type, inputs, outputs and blobs. Values stay in the file.
/// </summary>
internal sealed class CaffeModelParser(WeightBytes file)
{
    private const int NetName = 1, NetLayersV1 = 2, NetLayer = 100;
    private const int MostNames = 1000;

    public List<CaffeLayer> Layers { get; } = [];

    /// <summary>The network's own name; empty where it has none.</summary>
    public string Name { get; private set; } = "";

    public void Parse()
    {
        var net = new WireMessage(new FileWindow(file), 0, file.Length);
        while (net.Read(out WireField field))
        {
            if (field.Is(NetName, WireType.Bytes))
            {
                Name = net.Text(field);
            }
            else if (field.Is(NetLayer, WireType.Bytes))
            {
                Add(LayerFields.Current, net.Message(field));
            }
            else if (field.Is(NetLayersV1, WireType.Bytes))
            {
                Add(LayerFields.V1, net.Message(field));
            }
        }
    }

    private void Add(LayerFields fields, WireMessage message)
    {
        Layers.Add(ParseLayer(fields, message));
        WeightEntries.RequireFewer(file, message.Start, Layers.Count);
    }

    private static CaffeLayer ParseLayer(LayerFields fields, WireMessage message)
    {
        string name = "";
        var kind = CaffeKind.Other;
        List<string> bottoms = [], tops = [];
        var blobs = new List<CaffeBlob>();
        while (message.Read(out WireField field))
        {
            if (field.Is(fields.Name, WireType.Bytes))
            {
                name = message.Text(field);
            }
            else if (field.Number == fields.Type)
            {
                kind = LayerFields.Kind(message, field);
            }
            else if (field.Is(fields.Bottom, WireType.Bytes))
            {
                AddName(message, field, bottoms);
            }
            else if (field.Is(fields.Top, WireType.Bytes))
            {
                AddName(message, field, tops);
            }
            else if (field.Is(fields.Blob, WireType.Bytes))
            {
                blobs.Add(CaffeBlobParser.Parse(message.Message(field), name));
                WeightEntries.RequireFewer(message.File, field.Position, blobs.Count);
            }
            else if (field.Is(fields.LayerV0, WireType.Bytes))
            {
                throw message.File.Error(field.Position, "a layer of Caffe's oldest form (V0); Caffe's upgrade_net_proto_binary rewrites the file");
            }
        }

        return new CaffeLayer(name, kind, bottoms, tops, blobs, message.Start);
    }

    private static void AddName(WireMessage message, WireField field, List<string> names)
    {
        if (names.Count == MostNames)
        {
            throw message.File.Error(field.Position, $"a layer with more than {MostNames:N0} inputs or outputs");
        }

        names.Add(message.Text(field));
    }

    /// <summary>The field numbers of one of the two layer messages.</summary>
    private sealed record LayerFields(int Name, int Type, int Bottom, int Top, int Blob, int LayerV0)
    {
        public static LayerFields Current { get; } = new(Name: 1, Type: 2, Bottom: 3, Top: 4, Blob: 7, LayerV0: -1);

        public static LayerFields V1 { get; } = new(Name: 4, Type: 5, Bottom: 2, Top: 3, Blob: 6, LayerV0: 1);

        /// <summary>The type: text now, a number of V1's enumeration before.</summary>
        public static CaffeKind Kind(WireMessage message, WireField field) => field.Type switch
        {
            WireType.Bytes => message.Text(field) switch
            {
                "Convolution" => CaffeKind.Convolution,
                "InnerProduct" => CaffeKind.InnerProduct,
                "LRN" => CaffeKind.Lrn,
                "Pooling" => CaffeKind.Pooling,
                _ => CaffeKind.Other,
            },
            WireType.Varint => field.Value switch
            {
                4 => CaffeKind.Convolution,
                14 => CaffeKind.InnerProduct,
                15 => CaffeKind.Lrn,
                17 => CaffeKind.Pooling,
                _ => CaffeKind.Other,
            },
            _ => CaffeKind.Other,
        };
    }
}
