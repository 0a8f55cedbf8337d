using System.Buffers.Binary;

namespace AlexNetTF.Weights;

/// <summary>
/// What torch.save wrote before 1.6: pickles one behind the other (a magic number, the version 1001, facts about the
/// machine, the dictionary, the list of storage keys), then of each storage its count and its bytes.
/// </summary>
internal sealed class TorchLegacyFormat : IWeightFormat
{
    private const long Version = 1001;

    /// <summary>PROTO 2, LONG1 of ten bytes: the number 0x1950a86a20f9469cfc6c, STOP.</summary>
    private static ReadOnlySpan<byte> Magic => [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.'];

    public bool Recognises(WeightBytes file) => file.Head.AsSpan().StartsWith(Magic);

    public WeightSource Open(WeightBytes file)
    {
        var dialect = new TorchDialect();
        var cursor = new PickleCursor(file, Magic.Length, file.Length);
        PickleMachine Next() => new(cursor, dialect);
        PickleMachine machine = Next();
        if (machine.Run() is not Version)
        {
            throw machine.Error($"a version of PyTorch's old container other than {Version}");
        }

        bool bigEndian = IsBigEndian(machine = Next());
        object? root = (machine = Next()).Run();
        List<KeyValuePair<string, TorchTensor>> tensors = StateDictionary.Find(machine, root);
        List<string> keys = Keys(machine = Next());
        PlaceStorages(file, cursor.Position, keys, dialect, bigEndian);
        return TorchSource.Make(file, tensors, bigEndian, []);
    }

    /// <summary>{'protocol_version': 1001, 'little_endian': True, 'type_sizes': {…}}</summary>
    private static bool IsBigEndian(PickleMachine machine)
    {
        if (machine.Run() is not PickleDictionary facts)
        {
            throw machine.Error("the facts about the machine are no dictionary");
        }

        return facts.Items.Exists(fact => fact is { Key: PickleBlob key, Value: false } && machine.Text(key) == "little_endian");
    }

    private static List<string> Keys(PickleMachine machine) => machine.Run() is PickleList list
        ? [.. list.Items.Select(item => item is PickleBlob key ? machine.Text(key) : throw machine.Error("a storage key that is no text"))]
        : throw machine.Error("the storage keys are no list");

    private static void PlaceStorages(WeightBytes file, long position, List<string> keys, TorchDialect dialect, bool bigEndian)
    {
        Span<byte> count = stackalloc byte[sizeof(long)];
        foreach (string key in keys)
        {
            if (!dialect.Storages.TryGetValue(key, out TorchStorage? storage) || storage.Region is not null)
            {
                throw file.Error(position, $"the storage '{key}' belongs to no tensor, or comes twice");
            }

            file.Read(position, count);
            long stated = bigEndian ? BinaryPrimitives.ReadInt64BigEndian(count) : BinaryPrimitives.ReadInt64LittleEndian(count);
            position += sizeof(long);
            if (stated != storage.Count || storage.Bytes > file.Length - position)
            {
                throw file.Error(position, $"the storage '{key}' has {stated:N0} values where {storage.Count:N0} of type {storage.Type.Name()} belong, in the {file.Length - position:N0} bytes that are left");
            }

            storage.Region = new FileRegion(file, position, storage.Bytes);
            position += storage.Bytes;
        }

        if (position != file.Length)
        {
            throw file.Error(position, $"{file.Length - position:N0} bytes follow the last storage");
        }
    }
}
