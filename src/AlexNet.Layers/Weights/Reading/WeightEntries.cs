namespace AlexNetTF.Weights;

/// <summary>Makes entries, checking each against the bytes that are there.</summary>
internal static class WeightEntries
{
    /// <summary>An entry whose stored elements fill the region exactly.</summary>
    public static WeightEntry Dense(
        string layer, string parameter, string storedName, TensorLayout storedLayout, TensorLayout layout, StoredTensor stored)
    {
        RequireExactBytes(storedName, storedLayout.Shape, stored);
        return new WeightEntry(layer, parameter, storedName, storedLayout, layout, stored);
    }

    /// <summary>An entry that TensorFlow wants as it is stored.</summary>
    public static WeightEntry AsStored(string layer, string parameter, string storedName, TensorLayout layout, StoredTensor stored) =>
        Dense(layer, parameter, storedName, layout, layout, stored);

    /// <summary>Refuses a region with more or fewer bytes than the shape takes.</summary>
    public static void RequireExactBytes(string name, long[] shape, StoredTensor stored)
    {
        ByteRegion region = stored.Region;
        long count = Shapes.Count(shape, region.File, region.FilePosition, $"'{name}'");
        UInt128 bytes = (UInt128)(ulong)count * (uint)stored.Type.Size();
        if (bytes != (UInt128)(ulong)region.Length)
        {
            throw region.File.Error(
                region.FilePosition,
                $"'{name}' of shape {Shapes.Text(shape)} and type {stored.Type.Name()} takes {bytes} bytes, but {region.Length:N0} are there");
        }
    }

    /// <summary>Refuses a file in which two tensors would be the same variable.</summary>
    public static void RequireDistinctNames(WeightBytes file, IEnumerable<WeightEntry> entries)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (WeightEntry entry in entries)
        {
            if (!taken.Add(entry.Name))
            {
                throw file.Error(entry.FileOffset, $"'{entry.Name}' comes twice, the second time as '{entry.StoredName}'");
            }
        }
    }

    /// <summary>
    /// Refuses more tensors than weights can be: a table of tiny ones would take many times the file's length in memory.
    /// </summary>
    public static void RequireFewer(WeightBytes file, long position, long count)
    {
        long most = 4096 + (file.Length / 1024);
        if (count > most)
        {
            throw file.Error(position, $"more than {most:N0} tensors in a file of {file.Length:N0} bytes");
        }
    }
}
