using System.Buffers.Binary;
using System.Runtime.InteropServices;
using AlexNetTF.TensorFlow;
using AlexNetTF.TensorFlow.Protos;

namespace AlexNetTF.Weights;

/// <summary>
/// A TensorFlow checkpoint (format V2), recognised by its index file; the values lie in the data files beside it. Each
/// variable's checksum is checked as it is read.
/// </summary>
internal sealed class CheckpointFormat : IWeightFormat
{
    public const string IndexEnding = ".index";

    // TensorFlow 2 saves objects: the variable's path among them, then this.
    private const string ObjectEnding = "/.ATTRIBUTES/VARIABLE_VALUE";

    public bool Recognises(WeightBytes file)
    {
        Span<byte> magic = stackalloc byte[sizeof(ulong)];
        if (file.Length < TableReader.FooterSize)
        {
            return false;
        }

        file.Read(file.Length - magic.Length, magic);
        return BinaryPrimitives.ReadUInt64LittleEndian(magic) == TableReader.Magic;
    }

    public WeightSource Open(WeightBytes file)
    {
        string prefix = file.Path.EndsWith(IndexEnding, StringComparison.Ordinal)
            ? file.Path[..^IndexEnding.Length]
            : throw file.Error(0, $"this is the index of a TensorFlow checkpoint under another name than PREFIX{IndexEnding}, by which its data files are found");
        var owned = new List<IDisposable>();
        try
        {
            return Open(file, prefix, owned);
        }
        catch
        {
            owned.ForEach(opened => opened.Dispose());
            throw;
        }
    }

    private static WeightSource Open(WeightBytes file, string prefix, List<IDisposable> owned)
    {
        CheckpointIndex index = CheckpointIndex.Read(file.Path);
        WeightEntries.RequireFewer(file, 0, index.Entries.Count);
        var shards = new Dictionary<int, WeightBytes>();
        var entries = new List<WeightEntry>();
        var notes = new List<string>();
        foreach (CheckpointEntry entry in index.Entries)
        {
            if (TensorFlowTypes.Of(entry.Proto.Dtype) is ElementType type)
            {
                ByteRegion region = entry.IsPartitioned
                    ? Partitioned(file, prefix, entry, type)
                    : Plain(index, prefix, entry, shards, owned);
                entries.Add(Entry(entry, new StoredTensor(region, type)));
            }
            else
            {
                notes.Add($"'{entry.Name}' holds {entry.TypeName} and was left out");
            }
        }

        WeightEntries.RequireDistinctNames(file, entries);
        return new WeightSource(file, "TensorFlow checkpoint", entries, new WeightHints { Notes = notes }, owned);
    }

    private static WeightEntry Entry(CheckpointEntry entry, StoredTensor stored)
    {
        string name = entry.Name.EndsWith(ObjectEnding, StringComparison.Ordinal) ? entry.Name[..^ObjectEnding.Length] : entry.Name;
        (string layer, string parameter) = LayerNames.Split(name);
        return WeightEntries.AsStored(layer, parameter, entry.Name, TensorLayout.InOrder(entry.Dimensions), stored);
    }

    private static ChecksummedRegion Plain(
        CheckpointIndex index, string prefix, CheckpointEntry entry, Dictionary<int, WeightBytes> shards, List<IDisposable> owned)
    {
        BundleEntryProto proto = entry.Proto;
        WeightBytes shard = Shard(CheckpointPaths.Data(prefix, proto.ShardId, index.Shards), entry.Name, proto.ShardId, shards, owned);
        return proto.Offset <= shard.Length - proto.Size
            ? new ChecksummedRegion(shard, proto.Offset, proto.Size, proto.Crc32C)
            : throw shard.Error(proto.Offset, $"'{entry.Name}' takes {proto.Size:N0} bytes here, but the file has only {shard.Length:N0}; it was cut short");
    }

    private static WeightBytes Shard(string path, string name, int number, Dictionary<int, WeightBytes> shards, List<IDisposable> owned)
    {
        if (shards.TryGetValue(number, out WeightBytes? open))
        {
            return open;
        }

        if (!File.Exists(path))
        {
            throw new FileFormatException(path, $"this file of the checkpoint, which holds '{name}', does not exist");
        }

        WeightBytes shard = WeightBytes.Open(path);
        owned.Add(shard);
        shards.Add(number, shard);
        return shard;
    }

    /// <summary>Slices of a partitioned variable are put together in memory.</summary>
    private static LoadedRegion Partitioned(WeightBytes file, string prefix, CheckpointEntry entry, ElementType type) =>
        entry.Count <= Array.MaxLength / type.Size()
            ? new LoadedRegion(file, entry.Count * type.Size(), () => Assemble(prefix, entry.Name, type))
            : throw file.Error(0, $"'{entry.Name}' of shape {Shapes.Text(entry.Dimensions)} is stored in slices and too large to be put together");

    private static byte[] Assemble(string prefix, string name, ElementType type)
    {
        using CheckpointReader reader = CheckpointReader.Open(prefix);
        return type switch
        {
            ElementType.Float32 => Bytes(reader.Read<float>(name)),
            ElementType.Float64 => Bytes(reader.Read<double>(name)),
            ElementType.Float16 => Bytes(reader.Read<Half>(name)),
            ElementType.BFloat16 or ElementType.UInt16 => Bytes(reader.Read<ushort>(name)),
            ElementType.Int8 => Bytes(reader.Read<sbyte>(name)),
            ElementType.Int16 => Bytes(reader.Read<short>(name)),
            ElementType.Int32 => Bytes(reader.Read<int>(name)),
            ElementType.Int64 => Bytes(reader.Read<long>(name)),
            ElementType.UInt8 => Bytes(reader.Read<byte>(name)),
            ElementType.UInt32 => Bytes(reader.Read<uint>(name)),
            ElementType.UInt64 => Bytes(reader.Read<ulong>(name)),
            _ => Bytes(reader.Read<bool>(name)),
        };
    }

    private static byte[] Bytes<T>(T[] values)
        where T : unmanaged => MemoryMarshal.AsBytes<T>(values).ToArray();
}
