using AlexNetTF.Weights;

namespace AlexNetTF;

/// <content>Writing: a file gets its name only when all of it is on the disk.</content>
public static partial class WeightFile
{
    /// <summary>Writes one array as a plain .npy (little-endian float32, C order).</summary>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="shape">The shape.</param>
    /// <param name="values">As many values as the shape has.</param>
    /// <exception cref="ArgumentException">The number of values is not the shape's.</exception>
    public static void WriteNpy(string path, IReadOnlyList<long> shape, ReadOnlyMemory<float> values)
    {
        Check([new WeightValues("", NpyFormat.PlainName, shape, values)]);
        AtomicFile.Write(path, stream => NpyWriter.WriteArray(stream, shape, values.Span));
    }

    /// <summary>Writes tensors as a NumPy archive with one array per variable, named layer/parameter, as np.savez does.</summary>
    /// <exception cref="ArgumentException">A tensor's values do not fit its shape, or a name comes twice.</exception>
    public static void WriteNpz(string path, IReadOnlyList<WeightValues> tensors)
    {
        Check(tensors);
        AtomicFile.Write(path, stream => NpyWriter.WriteArchive(stream, tensors));
    }

    /// <summary>
    /// Writes tensors as the pickled dictionary {layer: [weights, biases]} that the article's code loads
    /// (np.load(path, allow_pickle=True).item()); Python 2 and 3 read it.
    /// </summary>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="tensors">In each layer the lists keep this order.</param>
    /// <exception cref="ArgumentException">A tensor's values do not fit its shape, or a name comes twice.</exception>
    public static void WriteNpyDictionary(string path, IReadOnlyList<WeightValues> tensors)
    {
        Check(tensors);
        AtomicFile.Write(path, stream => PickledWeightsWriter.Write(stream, tensors));
    }

    /// <summary>Writes tensors as safetensors under their variables' names (conv1/weights), in TensorFlow's layout, metadata format "tf".</summary>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="tensors">The tensors.</param>
    /// <param name="metadata">More facts for the header, such as the topology.</param>
    /// <exception cref="ArgumentException">A tensor's values do not fit its shape, or a name comes twice.</exception>
    public static void WriteSafetensors(string path, IReadOnlyList<WeightValues> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        Check(tensors);
        AtomicFile.Write(path, stream => SafetensorsWriter.Write(stream, tensors, metadata ?? new Dictionary<string, string>()));
    }

    /// <summary>As the public one, without metadata.</summary>
    /// <returns>The file's SHA-256 in hexadecimal, taken from the bytes on their way.</returns>
    internal static string WriteSafetensorsHashed(string path, IReadOnlyList<WeightValues> tensors)
    {
        Check(tensors);
        string hash = "";
        AtomicFile.Write(path, stream =>
        {
            using var hashing = new HashingStream(stream);
            SafetensorsWriter.Write(hashing, tensors, new Dictionary<string, string>());
            hash = hashing.Hash();
        });
        return hash;
    }

    private static void Check(IReadOnlyList<WeightValues> tensors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (WeightValues tensor in tensors)
        {
            long[] shape = [.. tensor.Shape];
            if (Shapes.Count(shape) != tensor.Values.Length)
            {
                throw new ArgumentException($"'{tensor.Name}' of shape {Shapes.Text(shape)} cannot have {tensor.Values.Length:N0} values.", nameof(tensors));
            }

            if (!names.Add(tensor.Name))
            {
                throw new ArgumentException($"'{tensor.Name}' comes twice.", nameof(tensors));
            }
        }
    }
}
