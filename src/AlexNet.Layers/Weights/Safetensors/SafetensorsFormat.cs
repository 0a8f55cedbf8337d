using System.Buffers.Binary;

namespace AlexNetTF.Weights;

/// <summary>
/// Safetensors: a 64-bit length, a JSON header of that length, and the tensors' bytes, which must follow each other
/// without a hole and fill the file.
/// </summary>
internal sealed class SafetensorsFormat : IWeightFormat
{
    private const int LengthBytes = 8;

    // The reference reader's limit.
    private const long LongestHeader = 100_000_000;

    /// <summary>There is no magic: a plausible length, then the brace that every header begins with.</summary>
    public bool Recognises(WeightBytes file) =>
        file.Length > LengthBytes && file.Head[LengthBytes] == '{'
        && BinaryPrimitives.ReadUInt64LittleEndian(file.Head) < 1UL << 40;

    public WeightSource Open(WeightBytes file)
    {
        byte[] header = ReadHeader(file);
        SafetensorsHeader parsed = new SafetensorsHeaderParser(file, LengthBytes, header).Parse();
        long start = LengthBytes + header.Length;
        CheckTiling(file, start, parsed.Tensors);
        List<NamedTensor> tensors = [.. parsed.Tensors.Select(tensor => Place(file, start, tensor))];
        (List<WeightEntry> entries, WeightHints hints) = IsTorch(parsed) ? TorchWeights.Map(tensors) : ([.. tensors.Select(Entry)], new WeightHints { Topology = parsed.Metadata.GetValueOrDefault("topology") });
        WeightEntries.RequireDistinctNames(file, entries);
        return new WeightSource(file, "safetensors", entries, hints);
    }

    /// <summary>Whether names and layouts are PyTorch's: the metadata say so, or the names where the metadata do not say.</summary>
    private static bool IsTorch(SafetensorsHeader header) =>
        header.Metadata.GetValueOrDefault("format", "pt") == "pt" && TorchWeights.LooksLike(header.Tensors.Select(tensor => tensor.Name));

    private static byte[] ReadHeader(WeightBytes file)
    {
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(file.Head);
        if (length > LongestHeader || (long)length > file.Length - LengthBytes)
        {
            throw file.Error(0, $"the header claims {length:N0} bytes; at most {LongestHeader:N0} and no more than the {file.Length - LengthBytes:N0} bytes that follow can be");
        }

        byte[] header = new byte[length];
        file.Read(LengthBytes, header);
        return header;
    }

    /// <summary>Every byte behind the header belongs to exactly one tensor.</summary>
    private static void CheckTiling(WeightBytes file, long start, List<SafetensorsTensor> tensors)
    {
        tensors.Sort((a, b) => (a.Begin, a.End).CompareTo((b.Begin, b.End)));
        long at = 0;
        foreach (SafetensorsTensor tensor in tensors)
        {
            if (tensor.Begin != at || tensor.End < at)
            {
                throw file.Error(start + at, $"'{tensor.Name}' claims the bytes {tensor.Begin:N0} to {tensor.End:N0} of the data, but {at:N0} is where the next tensor must begin");
            }

            at = tensor.End;
        }

        if (start + at != file.Length)
        {
            throw file.Error(start + at, $"the tensors end at byte {start + at:N0}, the file at {file.Length:N0}");
        }
    }

    private static NamedTensor Place(WeightBytes file, long start, SafetensorsTensor tensor)
    {
        var stored = new StoredTensor(new FileRegion(file, start + tensor.Begin, tensor.End - tensor.Begin), tensor.Type);
        WeightEntries.RequireExactBytes(tensor.Name, tensor.Shape, stored);
        return new NamedTensor(tensor.Name, TensorLayout.InOrder(tensor.Shape), stored);
    }

    private static WeightEntry Entry(NamedTensor tensor)
    {
        (string layer, string parameter) = LayerNames.Split(tensor.Name);
        return new WeightEntry(layer, parameter, tensor.Name, tensor.Layout, tensor.Layout, tensor.Stored);
    }
}
