using System.Runtime.InteropServices;
using AlexNetTF.TensorFlow;
using AlexNetTF.TensorFlow.Protos;
using NumSharp;

namespace AlexNetTF;

/// <summary>
/// Reads a TensorFlow checkpoint (format V2: <c>PREFIX.index</c> and <c>PREFIX.data-*</c>), as <c>tf.train.Saver</c>
/// and this library write it. Sharded checkpoints and partitioned variables are read; every tensor's checksum is
/// checked. Reading is safe from several threads.
/// </summary>
public sealed unsafe class CheckpointReader : IDisposable
{
    private readonly CheckpointIndex index;
    private readonly ShardFiles files;

    private CheckpointReader(string prefix)
    {
        Prefix = prefix;
        index = CheckpointIndex.Read(CheckpointPaths.Index(prefix));
        files = new ShardFiles(prefix, index.Shards);
    }

    /// <summary>The path that all files of the checkpoint start with.</summary>
    public string Prefix { get; }

    /// <summary>All tensors in the order of their names.</summary>
    public IReadOnlyList<CheckpointEntry> Entries => index.Entries;

    /// <summary>Opens a checkpoint and reads its index.</summary>
    /// <param name="path">The prefix, one of the checkpoint's files, or a folder whose file <c>checkpoint</c> names the current one.</param>
    /// <exception cref="CheckpointException">There is no checkpoint.</exception>
    /// <exception cref="FileFormatException">The index is damaged.</exception>
    public static CheckpointReader Open(string path) => new(CheckpointPaths.FindPrefix(path));

    /// <summary>The prefix of a folder's current checkpoint, which its file <c>checkpoint</c> names; null where there is none.</summary>
    /// <exception cref="FileFormatException">The file <c>checkpoint</c> is malformed.</exception>
    public static string? FindLatest(string folder) => CheckpointStateFile.Latest(folder);

    /// <summary>What the checkpoint holds under a name; null where it holds nothing.</summary>
    public CheckpointEntry? Find(string name) => index.Find(name);

    /// <summary>
    /// Reads a tensor as an NDArray of its shape. bfloat16 is widened to float and complex64 to Complex, both exactly;
    /// quantised types are their raw integers.
    /// </summary>
    /// <exception cref="CheckpointException">There is no such tensor, or it holds strings or another type without an NDArray.</exception>
    /// <exception cref="FileFormatException">The data are damaged.</exception>
    public NDArray Read(string name)
    {
        CheckpointEntry entry = Get(name);
        NPTypeCode code = CheckpointArrays.CodeOf(entry) ?? throw new CheckpointException($"\"{name}\" of {Prefix} holds {entry.TypeName}, which has no NDArray. {(entry.Proto.Dtype == DataType.DtString ? "Use ReadStrings." : "")}");
        CheckRanges(entry);
        NDArray array = CheckpointArrays.Allocate(code, entry.Dimensions);
        byte* memory = (byte*)NDArrays.AddressOf(array);
        ReadInto(entry, memory);
        CheckpointArrays.Widen(entry, memory);
        return array;
    }

    /// <summary>Reads a tensor's elements in row-major order.</summary>
    /// <typeparam name="T">
    /// The type that the elements are stored as: quantised types are their raw integers, bfloat16 is ushort (its bits).
    /// </typeparam>
    /// <exception cref="CheckpointException">There is no such tensor, or it is of another type.</exception>
    /// <exception cref="FileFormatException">The data are damaged.</exception>
    public T[] Read<T>(string name)
        where T : unmanaged
    {
        CheckpointEntry entry = Get(name);
        if (entry.Count > Array.MaxLength) throw new CheckpointException($"{entry} of {Prefix} has too many elements for an array; read it as an NDArray.");
        CheckType<T>(entry);
        CheckRanges(entry);
        var values = new T[entry.Count];
        Read(name, values.AsSpan());
        return values;
    }

    /// <summary>Reads a tensor straight into memory, in row-major order. After an error the memory holds whatever was read so far.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="destination">As long as the tensor.</param>
    /// <exception cref="CheckpointException">There is no such tensor, or it is of another type or length.</exception>
    /// <exception cref="FileFormatException">The data are damaged.</exception>
    public void Read<T>(string name, Span<T> destination)
        where T : unmanaged
    {
        CheckpointEntry entry = Get(name);
        CheckType<T>(entry);
        if (destination.Length != entry.Count) throw new CheckpointException($"{entry} of {Prefix} has {entry.Count} elements; there is room for {destination.Length}.");
        fixed (T* memory = destination) ReadInto(entry, (byte*)memory);
    }

    /// <summary>Reads the elements of a string tensor, which are bytes, in row-major order.</summary>
    /// <exception cref="CheckpointException">There is no such tensor, or it does not hold strings.</exception>
    /// <exception cref="FileFormatException">The data are damaged.</exception>
    public byte[][] ReadStrings(string name)
    {
        CheckpointEntry entry = Get(name);
        if (entry.Proto.Dtype != DataType.DtString) throw new CheckpointException($"{entry} of {Prefix} does not hold strings.");
        if (entry.IsPartitioned) throw new CheckpointException($"{entry} of {Prefix} holds strings in slices, which TensorFlow does not write.");
        byte[] bytes = files.ReadUnchecked(entry.Proto, $"\"{name}\"");
        byte[][] strings = StringTensors.Decode(bytes, entry.Count, out uint crc)
            ?? throw new FileFormatException(files.PathOf(entry.Proto), $"the lengths of the strings of \"{name}\" at offset {entry.Proto.Offset} are damaged.");
        files.Check(entry.Proto, $"\"{name}\"", crc);
        return strings;
    }

    /// <summary>Reads everything once, to find damage.</summary>
    /// <exception cref="FileFormatException">The data are damaged, or a data file is missing.</exception>
    public void Verify()
    {
        foreach (CheckpointEntry entry in Entries)
        {
            if (entry.Proto.Dtype == DataType.DtString) ReadStrings(entry.Name);
            else if (DataTypes.Size(entry.Proto.Dtype) > 0) VerifyNumbers(entry);
        }
    }

    /// <summary>Closes the data files.</summary>
    public void Dispose() => files.Dispose();

    /// <summary>Reads a tensor's bytes to an address that has room for all of them.</summary>
    internal void ReadInto(CheckpointEntry entry, byte* destination)
    {
        if (!entry.IsPartitioned)
        {
            files.Read(entry.Proto, $"\"{entry.Name}\"", destination);
            return;
        }

        string path = CheckpointPaths.Index(Prefix);
        SliceRange[] ranges = SliceAssembler.Ranges(entry, path);
        for (int i = 0; i < ranges.Length; i++) ReadSlice(entry, i, ranges[i], destination);
    }

    private void ReadSlice(CheckpointEntry entry, int number, SliceRange range, byte* destination)
    {
        CheckpointEntry slice = GetSlice(entry, number, range);
        string shown = $"slice {range} of \"{entry.Name}\"";
        int elementSize = DataTypes.Size(entry.Proto.Dtype);
        if (SliceAssembler.IsContiguous(range, entry.Dimensions))
        {
            files.Read(slice.Proto, shown, destination + (SliceAssembler.Offset(range, entry.Dimensions) * elementSize));
            return;
        }

        files.CheckRange(slice.Proto, shown);
        byte* memory = (byte*)NativeMemory.Alloc((nuint)slice.Proto.Size);
        try
        {
            files.Read(slice.Proto, shown, memory);
            SliceAssembler.Place(range, entry.Dimensions, memory, destination, elementSize);
        }
        finally
        {
            NativeMemory.Free(memory);
        }
    }

    private CheckpointEntry GetSlice(CheckpointEntry entry, int number, SliceRange range)
    {
        string path = CheckpointPaths.Index(Prefix);
        CheckpointEntry slice = index.FindSlice(entry.Name, entry.Proto.Slices[number])
            ?? throw new FileFormatException(path, $"the record of slice {range} of \"{entry.Name}\" is missing.");
        if (slice.Proto.Dtype != entry.Proto.Dtype || slice.IsPartitioned || !slice.Dimensions.AsSpan().SequenceEqual(range.Length))
        {
            throw new FileFormatException(path, $"slice {range} of \"{entry.Name}\" is recorded as {slice.TypeName}{Shapes.Text(slice.Dimensions)}, which does not fit {entry}.");
        }

        return slice;
    }

    private void VerifyNumbers(CheckpointEntry entry)
    {
        CheckRanges(entry);
        byte* memory = (byte*)NativeMemory.Alloc((nuint)(entry.Count * DataTypes.Size(entry.Proto.Dtype)));
        try
        {
            ReadInto(entry, memory);
        }
        finally
        {
            NativeMemory.Free(memory);
        }
    }

    // Before memory is reserved for a tensor, its bytes must be there.
    private void CheckRanges(CheckpointEntry entry)
    {
        if (!entry.IsPartitioned)
        {
            files.CheckRange(entry.Proto, $"\"{entry.Name}\"");
            return;
        }

        SliceRange[] ranges = SliceAssembler.Ranges(entry, CheckpointPaths.Index(Prefix));
        for (int i = 0; i < ranges.Length; i++) files.CheckRange(GetSlice(entry, i, ranges[i]).Proto, $"slice {ranges[i]} of \"{entry.Name}\"");
    }

    private void CheckType<T>(CheckpointEntry entry)
        where T : unmanaged
    {
        if (!DataTypes.IsStoredAs<T>(entry.Proto.Dtype)) throw new CheckpointException($"{entry} of {Prefix} cannot be read as {typeof(T).Name}.");
    }

    private CheckpointEntry Get(string name) => index.Find(name)
        ?? throw new CheckpointException($"The checkpoint {Prefix} holds no \"{name}\". It holds {string.Join(", ", Entries.Take(20).Select(e => e.Name))}{(Entries.Count > 20 ? $" and {Entries.Count - 20} more" : "")}.");
}
