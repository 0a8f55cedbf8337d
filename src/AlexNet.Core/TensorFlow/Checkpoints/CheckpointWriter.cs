using System.Runtime.InteropServices;
using System.Text;
using AlexNetTF.TensorFlow;
using AlexNetTF.TensorFlow.Protos;
using Google.Protobuf;
using NumSharp;

namespace AlexNetTF;

/// <summary>
/// Writes a TensorFlow checkpoint (format V2), byte for byte as TensorFlow does. Tensors go to the data file as they are
/// added, straight from the caller's memory, in the order of the calls (TensorFlow's own order is that of the names).
/// All files have temporary names until <see cref="Commit"/>; without it nothing remains.
/// </summary>
public sealed unsafe class CheckpointWriter : IDisposable
{
    private readonly SortedDictionary<byte[], BundleEntryProto> entries = new(Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b)));
    private readonly DataFile[] shards;
    private bool committed;

    /// <summary>Starts a checkpoint with one data file.</summary>
    /// <param name="prefix">The path that all its files start with; the folder is created where it is missing.</param>
    /// <exception cref="CheckpointException">The path names no file.</exception>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    public CheckpointWriter(string prefix)
        : this(prefix, 1)
    {
    }

    /// <summary>Starts a checkpoint with several data files.</summary>
    internal CheckpointWriter(string prefix, int shardCount)
    {
        if (Path.GetFileName(prefix).Length == 0) throw new CheckpointException($"\"{prefix}\" names no file; a checkpoint is named by a path such as run/model.ckpt.");
        Prefix = prefix;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(prefix))!);
        shards = new DataFile[shardCount];
        for (int i = 0; i < shardCount; i++) shards[i] = new DataFile(CheckpointPaths.Data(prefix, i, shardCount));
    }

    /// <summary>The path that all files of the checkpoint start with.</summary>
    public string Prefix { get; }

    /// <summary>Adds a tensor.</summary>
    /// <typeparam name="T">The element type: float, double, Half, bool, Complex or an integer.</typeparam>
    /// <param name="name">Its name, unique within the checkpoint.</param>
    /// <param name="values">Its elements in row-major order.</param>
    /// <param name="shape">The sizes of its dimensions; none for a scalar.</param>
    /// <exception cref="CheckpointException">The name is empty or taken, or the shape does not fit the elements.</exception>
    public void Add<T>(string name, ReadOnlySpan<T> values, params ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        DataType type = DataTypes.Of<T>();
        if (type == DataType.DtInvalid) throw new CheckpointException($"\"{name}\": a checkpoint cannot hold elements of the type {typeof(T).Name}.");
        CheckCount(name, shape, values.Length);
        fixed (T* memory = values) Add(name, type, shape, (byte*)memory);
    }

    /// <summary>Adds a tensor.</summary>
    /// <param name="name">Its name, unique within the checkpoint.</param>
    /// <param name="values">Its elements; not changed.</param>
    /// <exception cref="CheckpointException">The name is empty or taken, or the element type is none of TensorFlow's.</exception>
    public void Add(string name, NDArray values)
    {
        DataType type = CheckpointArrays.TypeOf(values.typecode);
        if (type == DataType.DtInvalid) throw new CheckpointException($"\"{name}\": a checkpoint cannot hold an NDArray of {values.typecode}.");
        NDArray plain = NDArrays.IsPlain(values) ? values : values.copy();
        Add(name, type, plain.shape, (byte*)NDArrays.AddressOf(plain));
        GC.KeepAlive(plain);
    }

    /// <summary>Adds a tensor of strings, which are bytes.</summary>
    /// <param name="name">Its name, unique within the checkpoint.</param>
    /// <param name="values">Its elements in row-major order.</param>
    /// <param name="shape">The sizes of its dimensions; none for a scalar.</param>
    /// <exception cref="CheckpointException">The name is empty or taken, or the shape does not fit the elements.</exception>
    public void AddStrings(string name, IReadOnlyList<byte[]> values, params ReadOnlySpan<long> shape)
    {
        CheckCount(name, shape, values.Count);
        BundleEntryProto entry = NewEntry(KeyOf(name), name, DataType.DtString, shape);
        ReadOnlySpan<byte> bytes = StringTensors.Encode(values, out uint crc);
        fixed (byte* memory = bytes) shards[0].Append(memory, bytes.Length, entry);
        entry.Crc32C = Crc32C.Mask(crc);
    }

    /// <summary>
    /// Gives all files their names: first the data, then the index, without which there is no checkpoint. Each is
    /// flushed to the disk before.
    /// </summary>
    /// <exception cref="IOException">The disk is full, or a file cannot be replaced.</exception>
    public void Commit()
    {
        ObjectDisposedException.ThrowIf(committed, this);
        foreach (DataFile shard in shards) shard.Publish();
        string index = CheckpointPaths.Index(Prefix);
        string temporary = DataFile.TemporaryName(index);
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16))
            {
                WriteIndex(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, index, overwrite: true);
            committed = true;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Removes what was written where <see cref="Commit"/> was not called.</summary>
    public void Dispose()
    {
        foreach (DataFile shard in shards) shard.Dispose();
    }

    /// <summary>Adds a tensor from memory.</summary>
    internal void Add(string name, DataType type, ReadOnlySpan<long> shape, byte* values, int shard = 0) =>
        AddNumbers(KeyOf(name), name, type, shape, values, shard);

    /// <summary>Adds one slice of a partitioned variable.</summary>
    /// <param name="name">The whole variable's name.</param>
    /// <param name="type">The element type.</param>
    /// <param name="whole">The whole variable's shape.</param>
    /// <param name="slice">Where the slice lies in it.</param>
    /// <param name="values">The slice's elements.</param>
    /// <param name="shard">The data file.</param>
    internal void AddSlice(string name, DataType type, ReadOnlySpan<long> whole, TensorSliceProto slice, byte* values, int shard = 0)
    {
        SliceRange range = SliceRange.Of(slice, whole) ?? throw new CheckpointException($"A slice of \"{name}\" leaves the shape {Shapes.Text(whole)}.");
        if (range.Length.AsSpan().SequenceEqual(whole))
        {
            Add(name, type, whole, values, shard);
            return;
        }

        byte[] key = KeyOf(name);
        if (!entries.TryGetValue(key, out BundleEntryProto? entry)) entry = NewEntry(key, name, type, whole);
        entry.Slices.Add(slice);
        AddNumbers(OrderedCode.SliceKey(key, slice), $"{name} {range}", type, range.Length, values, shard);
    }

    private static byte[] KeyOf(string name) => name.Length > 0 && name[0] != '\0'
        ? Encoding.UTF8.GetBytes(name)
        : throw new CheckpointException("A tensor in a checkpoint needs a name.");

    private static void CheckCount(string name, ReadOnlySpan<long> shape, long count)
    {
        if (Shapes.KnownSizes(Shapes.ToProto(shape)) is null || Shapes.Count(shape) != count) throw new CheckpointException($"\"{name}\" has {count} elements, which is not a tensor of the shape {Shapes.Text(shape)}.");
    }

    private void AddNumbers(byte[] key, string name, DataType type, ReadOnlySpan<long> shape, byte* values, int shard)
    {
        BundleEntryProto entry = NewEntry(key, name, type, shape);
        entry.ShardId = shard;
        uint crc = shards[shard].Append(values, Shapes.Count(shape) * DataTypes.Size(type), entry);
        entry.Crc32C = Crc32C.Mask(crc);
    }

    private BundleEntryProto NewEntry(byte[] key, string name, DataType type, ReadOnlySpan<long> shape)
    {
        ObjectDisposedException.ThrowIf(committed, this);
        var entry = new BundleEntryProto { Dtype = type, Shape = Shapes.ToProto(shape) };
        if (!entries.TryAdd(key, entry)) throw new CheckpointException($"The checkpoint {Prefix} has a \"{name}\" already; names are unique.");
        return entry;
    }

    private void WriteIndex(FileStream stream)
    {
        var header = new BundleHeaderProto { NumShards = shards.Length, Version = new VersionDef { Producer = CheckpointIndex.Version } };
        var table = new TableWriter(stream);
        table.Add([], header.ToByteArray());
        foreach ((byte[] key, BundleEntryProto entry) in entries) table.Add(key, entry.ToByteArray());
        table.Finish();
    }
}
