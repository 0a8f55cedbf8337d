using System.Text;
using AlexNetTF.TensorFlow.Protos;
using Google.Protobuf;

namespace AlexNetTF.TensorFlow;

/// <summary>The checked content of an index file.</summary>
internal sealed class CheckpointIndex
{
    /// <summary>The version of the format, which a file states as its producer and its smallest reader.</summary>
    public const int Version = 1;

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);
    private readonly Dictionary<string, CheckpointEntry> tensors = [];
    private readonly Dictionary<string, CheckpointEntry> slices = [];
    private readonly string path;

    private CheckpointIndex(string path) => this.path = path;

    public int Shards { get; private set; }

    /// <summary>The tensors in the order of their names' bytes, without the slices of partitioned ones.</summary>
    public List<CheckpointEntry> Entries { get; } = [];

    public static CheckpointIndex Read(string path)
    {
        var index = new CheckpointIndex(path);
        List<TableEntry> records = TableReader.ReadAll(path);
        if (records.Count == 0 || records[0].Key.Length > 0) throw new FileFormatException(path, "it has no header record: it is no checkpoint index.");
        index.ReadHeader(records[0].Value.Span);
        foreach (TableEntry record in records.Skip(1)) index.AddEntry(record);
        return index;
    }

    public CheckpointEntry? Find(string name) => tensors.GetValueOrDefault(name);

    public CheckpointEntry? FindSlice(string name, TensorSliceProto slice) =>
        slices.GetValueOrDefault(Encoding.Latin1.GetString(OrderedCode.SliceKey(StrictUtf8.GetBytes(name), slice)));

    private void ReadHeader(ReadOnlySpan<byte> bytes)
    {
        BundleHeaderProto header = Parse(BundleHeaderProto.Parser, bytes, "the header");
        if (header.NumShards < 1) throw new FileFormatException(path, $"the header says that there are {header.NumShards} data files; there is at least 1.");
        if (header.Endianness != BundleHeaderProto.Types.Endianness.Little) throw new FileFormatException(path, "it was written on a machine with the other byte order; only little-endian checkpoints are read.");
        VersionDef version = header.Version ?? new VersionDef();
        if (version.MinConsumer > Version || version.BadConsumers.Contains(Version))
        {
            throw new FileFormatException(path, $"it can be read from format version {version.MinConsumer} on, and not by {string.Join(", ", version.BadConsumers)}; this reader knows version {Version}.");
        }

        Shards = header.NumShards;
    }

    private void AddEntry(TableEntry record)
    {
        bool isSlice = record.Key[0] == 0;
        string name = isSlice ? Encoding.Latin1.GetString(record.Key) : Decode(record.Key);
        string shown = isSlice ? $"the slice {Convert.ToHexStringLower(record.Key)}" : $"\"{name}\"";
        BundleEntryProto proto = Parse(BundleEntryProto.Parser, record.Value.Span, shown);
        long[] shape = Shapes.KnownSizes(proto.Shape) ?? throw new FileFormatException(path, $"{shown} has no valid shape: {proto.Shape}.");
        var entry = new CheckpointEntry(name, proto, shape);
        if (proto.Slices.Count == 0) CheckPlace(entry, shown);
        if (isSlice)
        {
            slices.Add(name, entry);
            return;
        }

        tensors.Add(name, entry);
        Entries.Add(entry);
    }

    private void CheckPlace(CheckpointEntry entry, string shown)
    {
        BundleEntryProto place = entry.Proto;
        if (place.ShardId < 0 || place.ShardId >= Shards) throw new FileFormatException(path, $"{shown} lies in data file {place.ShardId}; there are {Shards}, counted from 0.");
        if (place.Offset < 0 || place.Size < 0 || place.Size > long.MaxValue - place.Offset) throw new FileFormatException(path, $"{shown} has {place.Size} bytes at offset {place.Offset}, which cannot be.");
        int elementSize = DataTypes.Size(place.Dtype);
        if (elementSize > 0 && place.Size != entry.Count * elementSize)
        {
            throw new FileFormatException(path, $"{shown} has {place.Size} bytes; {DataTypes.Name(place.Dtype)}{Shapes.Text(entry.Dimensions)} needs {entry.Count * elementSize}.");
        }
    }

    private string Decode(byte[] name)
    {
        try
        {
            return StrictUtf8.GetString(name);
        }
        catch (DecoderFallbackException error)
        {
            throw new FileFormatException(path, $"the name {Convert.ToHexStringLower(name)} is not valid UTF-8.", error);
        }
    }

    private T Parse<T>(MessageParser<T> parser, ReadOnlySpan<byte> bytes, string shown)
        where T : IMessage<T>
    {
        try
        {
            return parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException error)
        {
            throw new FileFormatException(path, $"the record of {shown} is malformed: {error.Message}", error);
        }
    }
}
