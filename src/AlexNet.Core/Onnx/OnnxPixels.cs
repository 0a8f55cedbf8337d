using AlexNetTF.Onnx.Protos;

namespace AlexNetTF.Onnx;

/// <summary>Preprocessing inside the model: from pixels to what the network reads.</summary>
internal static class OnnxPixels
{
    /// <summary>Adds the nodes and returns the name of the network's input.</summary>
    /// <param name="graph">The model's graph.</param>
    /// <param name="port">The input that holds pixels.</param>
    /// <param name="preprocessing">What is done to them.</param>
    /// <param name="channelsFirst">The order of the input.</param>
    public static string Prepare(OnnxGraph graph, OnnxPort port, OnnxPreprocessing preprocessing, bool channelsFirst)
    {
        int channels = port.Tensor.Shape is { HasRank: true, Rank: 4 } shape && port.Tensor.DType == DType.Float32 && shape[3] is { } known
            ? known
            : throw new GraphException($"Preprocessing needs a float32 input [batch, height, width, channels]; '{port.Name}' is {port.Tensor}.");
        if (preprocessing.Mean.Count != channels || preprocessing.Deviation.Count != channels)
        {
            throw new GraphException($"Preprocessing has {preprocessing.Mean.Count} means and {preprocessing.Deviation.Count} deviations; '{port.Name}' has {channels} channels, and there must be one of each per channel.");
        }

        string name = graph.Add("Cast", port.Name + "/float", [port.Name], OnnxGraph.Int("to", (long)TensorProto.Types.DataType.Float));
        if (preprocessing.ReverseChannels)
        {
            string order = graph.Store("channels", [.. Enumerable.Range(0, channels).Reverse().Select(channel => (long)channel)]);
            name = graph.Add("Gather", port.Name + "/reversed", [name, order], OnnxGraph.Int("axis", channelsFirst ? 1 : 3));
        }

        if (preprocessing.Divisor != 1) name = Apply(graph, "Div", port.Name + "/scaled", name, "divisor", [preprocessing.Divisor], channelsFirst: false);
        if (preprocessing.Mean.Any(value => value != 0)) name = Apply(graph, "Sub", port.Name + "/centred", name, "mean", preprocessing.Mean, channelsFirst);
        if (preprocessing.Deviation.Any(value => value != 1)) name = Apply(graph, "Div", port.Name + "/normalised", name, "deviation", preprocessing.Deviation, channelsFirst);
        return name;
    }

    private static string Apply(OnnxGraph graph, string type, string result, string input, string name, IReadOnlyList<float> values, bool channelsFirst)
    {
        byte[] bytes = [.. values.SelectMany(value => OnnxBytes.LittleEndian(BitConverter.GetBytes(value), sizeof(float)))];
        int[] dims = channelsFirst ? [values.Count, 1, 1] : [values.Count];
        return graph.Add(type, result, [input, graph.Store(name, DType.Float32, dims, bytes)]);
    }
}
