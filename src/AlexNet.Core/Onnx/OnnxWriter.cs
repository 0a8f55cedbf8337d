using System.Globalization;
using AlexNetTF.Onnx.Protos;
using Google.Protobuf;

namespace AlexNetTF.Onnx;

/// <summary>Writes a finished graph as a file, or as one with the weights beside it.</summary>
internal static class OnnxWriter
{
    private const int IrVersion = 8;
    private const int Opset = 13;

    // A protobuf message ends at 2^31 bytes; nodes and names take the rest.
    private const long LargestMessage = (1L << 31) - (1 << 24);

    // Small tensors (shapes, paddings) stay in the model, where runtimes expect them.
    private const int SmallestExternal = 1024;
    private const int Alignment = 4096;

    public static void Write(string path, OnnxGraph graph, OnnxExportOptions options)
    {
        long bytes = graph.Stored.Sum(stored => (long)stored.Bytes.Length);
        bool isTooLarge = bytes > LargestMessage;
        if (isTooLarge && options.ExternalData == false)
        {
            throw new GraphException($"The model's {bytes:N0} bytes of weights do not fit into one file of ONNX's format (2 GB). Allow external data.");
        }

        if (options.ExternalData ?? isTooLarge) WriteBeside(path + ".data", graph);
        foreach ((TensorProto tensor, byte[] content) in graph.Stored)
        {
            if (tensor.DataLocation == TensorProto.Types.DataLocation.Default) tensor.RawData = UnsafeByteOperations.UnsafeWrap(content);
            graph.Proto.Initializer.Add(tensor);
        }

        ModelProto model = Model(graph, options);
        AtomicFile.Write(path, model.WriteTo);
    }

    private static ModelProto Model(OnnxGraph graph, OnnxExportOptions options)
    {
        var model = new ModelProto
        {
            IrVersion = IrVersion,
            ProducerName = "AlexNet.TF",
            ProducerVersion = typeof(OnnxWriter).Assembly.GetName().Version?.ToString(3) ?? "",
            Graph = graph.Proto,
        };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = Opset });
        foreach ((string key, string value) in options.Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
        }

        return model;
    }

    private static void WriteBeside(string path, OnnxGraph graph) => AtomicFile.Write(path, stream =>
    {
        foreach ((TensorProto tensor, byte[] content) in graph.Stored)
        {
            if (content.Length < SmallestExternal) continue;
            long offset = (stream.Position + Alignment - 1) / Alignment * Alignment;
            stream.SetLength(offset);
            stream.Position = offset;
            stream.Write(content);
            tensor.DataLocation = TensorProto.Types.DataLocation.External;
            tensor.ExternalData.Add(Entry("location", Path.GetFileName(path)));
            tensor.ExternalData.Add(Entry("offset", offset.ToString(CultureInfo.InvariantCulture)));
            tensor.ExternalData.Add(Entry("length", content.Length.ToString(CultureInfo.InvariantCulture)));
        }
    });

    private static StringStringEntryProto Entry(string key, string value) => new() { Key = key, Value = value };
}
