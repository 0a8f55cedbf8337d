using AlexNetTF.Weights;

namespace AlexNetTF;

/// <summary>Opens weight files of any known format, which is told by the content and never by the file's name.</summary>
public static partial class WeightFile
{
    private static readonly IWeightFormat[] _formats =
    [
        new NpyFormat(),
        new NpzFormat(),
        new TorchZipFormat(),
        new TorchLegacyFormat(),
        new SafetensorsFormat(),
        new MatlabFormat(),
        new CheckpointFormat(),
        new CaffeFormat(),
        new OnnxFormat(),
        new GraphFormat(),
    ];

    /// <summary>Opens a weight file and reads the table of its tensors.</summary>
    /// <param name="path">
    /// The file; of a TensorFlow checkpoint its prefix, its index or its folder; of a SavedModel its folder or its .pb.
    /// </param>
    /// <returns>The open file; dispose it after reading.</returns>
    /// <exception cref="InputFileException">There is no such file, or it may not be read.</exception>
    /// <exception cref="FileFormatException">The format is unknown or not read, or the file is damaged; the message names the byte and the remedy.</exception>
    public static WeightSource Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        WeightBytes file = WeightBytes.Open(TensorFlowPaths.Resolve(path));
        try
        {
            IWeightFormat format = Array.Find(_formats, format => format.Recognises(file)) ?? throw UnknownFile.Describe(file);
            // A SavedModel's weights lie in a checkpoint; its graph tells the topology.
            string? topology = format is CheckpointFormat && TensorFlowPaths.SavedModelOf(path) is { } model ? GraphFormat.TopologyOf(model) : null;
            WeightSource source = format.Open(file);
            if (topology is not null) source.Hints = new WeightHints { Network = source.Hints.Network, Topology = topology, Notes = source.Hints.Notes };
            return source;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
