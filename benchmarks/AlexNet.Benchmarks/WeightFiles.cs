using System.Runtime.InteropServices;
using AlexNetTF.Testing;

namespace AlexNetTF.Benchmarks;

/// <summary>One set of weights for the article's network (244 MB), as a file of every format that is read.</summary>
internal sealed class WeightFiles
{
    private readonly AlexNet net;
    private readonly Session session;
    private readonly Parameter[] parameters;

    public WeightFiles(AlexNet net, Session session)
    {
        this.net = net;
        this.session = session;
        parameters = [.. session.Graph.GlobalVariables().Select(variable => new Parameter(variable.Op.Name, variable.Shape.ToArray(), session.Run(variable.Value).ToArray<float>()))];
    }

    /// <summary>Writes the files, by the names of their formats; of a format of several files the path is the one to load.</summary>
    public IEnumerable<(string Format, string Path)> Write(string folder)
    {
        foreach (WeightFormat format in Enum.GetValues<WeightFormat>())
        {
            string path = Path.Combine(folder, format.ToString());
            net.SaveWeights(session, path, format);
            yield return (format == WeightFormat.Npy ? "npy, bytes as text" : format.ToString().ToLowerInvariant(), path);
        }

        string model = Path.Combine(folder, "model.onnx"), beside = Path.Combine(folder, "beside.onnx");
        net.ExportOnnx(session, model);
        yield return ("onnx", model);
        net.ExportOnnx(session, beside, new OnnxExportOptions { ExternalData = true });
        yield return ("onnx, external data", beside);
        yield return ("pytorch", Written(folder, "pytorch", WriteTorch));
        yield return ("caffemodel", Written(folder, "caffemodel", path => File.WriteAllBytes(path, Caffe())));
        yield return ("frozen graph", Written(folder, "graph", path => File.WriteAllBytes(path, FrozenGraph())));
    }

    private static string Written(string folder, string name, Action<string> write)
    {
        string path = Path.Combine(folder, name);
        write(path);
        return path;
    }

    private void WriteTorch(string path) => TorchFile.SaveMembers(
        path,
        TorchFile.Dictionary([.. parameters.Select((parameter, i) => (
            parameter.Name.Replace("/weights", ".weight", StringComparison.Ordinal).Replace("/biases", ".bias", StringComparison.Ordinal),
            TorchFile.Tensor($"{i}", [.. parameter.ChannelsFirstShape.Select(size => (long)size)])))]),
        parameters.Select((parameter, i) => ($"x/data/{i}", MemoryMarshal.AsBytes<float>(parameter.ChannelsFirst()).ToArray())));

    // NetParameter: layer (100) of name (1), type (2), blobs (7) of data (5, packed) and shape (7) of dim (1).
    private byte[] Caffe()
    {
        var model = new ProtoBytes();
        foreach (IGrouping<string, Parameter> layer in parameters.GroupBy(parameter => parameter.Name.Split('/')[0]))
        {
            ProtoBytes message = new ProtoBytes().Text(1, layer.Key).Text(2, layer.Key.StartsWith("conv", StringComparison.Ordinal) ? "Convolution" : "InnerProduct");
            foreach (Parameter parameter in layer)
            {
                var shape = new ProtoBytes();
                foreach (int size in parameter.ChannelsFirstShape) shape.Number(1, size);
                message.Message(7, new ProtoBytes().Bytes(5, MemoryMarshal.AsBytes<float>(parameter.ChannelsFirst())).Message(7, shape));
            }

            model.Message(100, message);
        }

        return model.ToArray();
    }

    // GraphDef: node (1) of name (1), op (2), attr (5) of key (1) and value (2) of tensor (8): dtype (1), shape (2), content (4).
    private byte[] FrozenGraph()
    {
        var graph = new ProtoBytes();
        foreach (Parameter parameter in parameters)
        {
            var shape = new ProtoBytes();
            foreach (int size in parameter.Shape) shape.Message(2, new ProtoBytes().Number(1, size));
            ProtoBytes tensor = new ProtoBytes().Number(1, 1).Message(2, shape).Bytes(4, MemoryMarshal.AsBytes<float>(parameter.Values));
            ProtoBytes attribute = new ProtoBytes().Text(1, "value").Message(2, new ProtoBytes().Message(8, tensor));
            graph.Message(1, new ProtoBytes().Text(1, parameter.Name).Text(2, "Const").Message(5, attribute));
        }

        return graph.ToArray();
    }

    private sealed record Parameter(string Name, int[] Shape, float[] Values)
    {
        // fc6 reads 6 × 6 × 256.
        private const int Positions = 36, Channels = 256;

        /// <summary>The sizes in the layout that Caffe and PyTorch share: [out, in, height, width], [out, in].</summary>
        public int[] ChannelsFirstShape => Shape.Length == 4 ? [Shape[3], Shape[2], Shape[0], Shape[1]] : [.. Shape.Reverse()];

        /// <summary>The values in that layout; fc6's inputs by channel, row and column.</summary>
        public float[] ChannelsFirst() => (Shape.Length, Name) switch
        {
            (4, _) => Moved([Shape[0] * Shape[1], Shape[2], Shape[3]], [2, 1, 0]),
            (2, "fc6/weights") => Moved([Positions, Channels, Shape[1]], [2, 1, 0]),
            (2, _) => Moved([1, Shape[0], Shape[1]], [2, 1, 0]),
            _ => Values,
        };

        private float[] Moved(int[] dims, int[] axes)
        {
            int[] strides = [dims[1] * dims[2], dims[2], 1];
            var moved = new float[Values.Length];
            int at = 0;
            for (int i = 0; i < dims[axes[0]]; i++)
                for (int j = 0; j < dims[axes[1]]; j++)
                    for (int k = 0; k < dims[axes[2]]; k++)
                        moved[at++] = Values[(i * strides[axes[0]]) + (j * strides[axes[1]]) + (k * strides[axes[2]])];
            return moved;
        }
    }
}
